namespace AuthService.Client.Revocations;

/// <summary>
/// Asks AuthService about single tokens. An answer, and that there was none, is good for a second for every request with the same token. Not many are
/// asked about at once: when the feed cannot be read, all services begin to ask.
/// </summary>
internal sealed class TokenQuestions(TimeProvider clock) : IDisposable
{
    private const int MostAtOnce = 32;

    /// <summary>A token takes the place of another one in its slot.</summary>
    private const int Slots = 1024;

    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    /// <summary>For the answer, with the time until it is this one's turn.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Question?[] _slots = new Question?[Slots];
    private readonly SemaphoreSlim _limit = new(MostAtOnce, MostAtOnce);

    /// <exception cref="HttpRequestException">AuthService has refused to say, or cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
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

    /// <summary>It goes on when the request that asked first is given up: others wait for the same answer.</summary>
    private async Task<bool> AskAsync(AuthServiceClient client, string token)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        await _limit.WaitAsync(patience.Token);
        try
        {
            return (await client.IntrospectAsync(token, patience.Token)).Active;
        }
        finally
        {
            _limit.Release();
        }
    }

    private sealed record Question(string Token, long Since, Task<bool> Answer);
}
