using Microsoft.EntityFrameworkCore;

namespace AuthService.Storage;

/// <summary>
/// A statement that answers many callers at once. A lone caller's goes out immediately; while enough of them are running,
/// whoever comes waits and goes out with the next one, together with all others who wait. There is no timer. An answer
/// is never older than its question: nobody joins a statement that has been sent. A failure is that of all who share it.
/// </summary>
/// <remarks>
/// PostgreSQL answers ten questions in one statement for little more than the price of one. SQLite, which
/// is asked without a round trip, gains nothing, and inside a transaction a question must stay on its connection.
/// </remarks>
internal sealed class SharedStatement<TQuestion, TAnswer>(
    IDbContextFactory<AuthDbContext> contexts, Func<AuthDbContext, IReadOnlyList<TQuestion>, Task<IReadOnlyList<TAnswer>>> answer)
{
    /// <summary>With one, a statement that waits for a lock would hold everybody up; with many, few would share.</summary>
    private const int MostStatements = 3;

    private const int MostQuestions = 64;

    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _running;

    public Task<TAnswer> AskAsync(TQuestion question)
    {
        var waiting = new Waiting(question);
        lock (_gate)
        {
            _waiting.Enqueue(waiting);
            if (_running < MostStatements)
                _running++;
            else
                return waiting.Task;
        }

        _ = RunAsync();
        return waiting.Task;
    }

    private async Task RunAsync()
    {
        while (TakeWaiting() is { Count: > 0 } together)
        {
            try
            {
                await using var db = await contexts.CreateDbContextAsync();
                var answers = await answer(db, together.ConvertAll(waiting => waiting.Question));
                for (var i = 0; i < together.Count; i++)
                    together[i].SetResult(answers[i]);
            }
            catch (Exception error)
            {
                foreach (var waiting in together)
                    waiting.TrySetException(error);
            }
        }
    }

    private List<Waiting> TakeWaiting()
    {
        lock (_gate)
        {
            List<Waiting> together = [];
            while (together.Count < MostQuestions && _waiting.TryDequeue(out var waiting))
                together.Add(waiting);
            if (together.Count == 0)
                _running--;
            return together;
        }
    }

    private sealed class Waiting(TQuestion question) : TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TQuestion Question { get; } = question;
    }
}
