namespace AuthService.Client.Revocations;

/// <summary>
/// Asks AuthService about single tokens. An answer, or a failure, is used for a second for every request with the same token. Few questions are asked at
/// once, because when the feed cannot be read all services begin to ask.
/// </summary>
internal sealed class TokenQuestions(TimeProvider clock) : IDisposable
{
    private const int MostAtOnce = 32;

    /// <summary>The number of questions that wait for their turn. One more fails at once: it would have no answer in time.</summary>
    private const int MostWaiting = 1024;

    /// <summary>The number of answers that are kept. A token replaces another one in its slot.</summary>
    private const int Slots = 1024;

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    /// <summary>The timeout of an answer with the wait for its turn.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Question?[] _slots = new Question?[Slots];
    private readonly SemaphoreSlim _limit = new(MostAtOnce, MostAtOnce);
    private int _open;

    /// <summary>Asks whether a token is active.</summary>
    /// <exception cref="HttpRequestException">AuthService has refused the call, or cannot be reached, or too many questions wait.</exception>
    /// <exception cref="OperationCanceledException">The answer took too long.</exception>
    public Task<bool> IsActiveAsync(AuthServiceClient client, string token)
    {
        ref var slot = ref _slots[(uint)token.GetHashCode(StringComparison.Ordinal) % Slots];
        if (Volatile.Read(ref slot) is { } recent && recent.Token == token && clock.GetElapsedTime(recent.Since) < GoodFor)
            return recent.Answer;
        var question = new Question(token, clock.GetTimestamp(), AskAsync(client, token));
        Volatile.Write(ref slot, question);
        return question.Answer;
    }

    public void Dispose() => _limit.Dispose();

    /// <summary>Asks independently of the first request: if that is aborted, others still wait for the answer.</summary>
    private async Task<bool> AskAsync(AuthServiceClient client, string token)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > MostAtOnce + MostWaiting)
                throw new HttpRequestException("Too many tokens are to be asked about");
            using var patience = new CancellationTokenSource(Patience, clock);
            return await AskInTurnAsync(client, token, patience.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task<bool> AskInTurnAsync(AuthServiceClient client, string token, CancellationToken patience)
    {
        await _limit.WaitAsync(patience);
        try
        {
            return (await client.IntrospectAsync(token, patience)).Active;
        }
        finally
        {
            _limit.Release();
        }
    }

    private sealed record Question(string Token, long Since, Task<bool> Answer);
}
