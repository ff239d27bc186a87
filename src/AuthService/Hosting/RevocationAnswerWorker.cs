using AuthService.Revocations;

namespace AuthService.Hosting;

/// <summary>Answers the long polls of the feed of revocations, at most 16,000 a second, because that already takes more than a core.</summary>
internal sealed class RevocationAnswerWorker(WaitingReaders readers) : Worker
{
    private const int MostAtOnce = 128;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(8);

    protected override async Task WorkAsync(CancellationToken stopping)
    {
        while (true)
        {
            await readers.UntilSomeMayGoAsync(stopping);
            readers.EndWaits();
            while (readers.Answer(MostAtOnce))
                await Task.Delay(Pause, stopping);
        }
    }
}
