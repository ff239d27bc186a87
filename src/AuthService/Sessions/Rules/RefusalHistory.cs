using AuthService.Refusals;
using AuthService.Sessions.Revoking;

namespace AuthService.Sessions.Rules;

/// <summary>Finds why calls were refused, and adds why their sessions ended. That is looked up here because the refused call should not pay for it.</summary>
internal sealed class RefusalHistory(RefusalStore refusals, EndedSessionStore ended, TimeProvider clock)
{
    private static readonly string UnknownSession = RefusalReason.UnknownSession.ToCode();

    /// <returns>The refused calls of a trace, the oldest first.</returns>
    public async Task<IReadOnlyList<RefusedCall>> FindAsync(string traceId)
    {
        var now = clock.GetUtcNow();
        List<RefusedCall> found = [];
        foreach (var refused in await refusals.FindAsync(traceId, now))
        {
            var session = refused.Reason == UnknownSession && refused.SessionId is { } id ? await ended.FindAsync(id, now) : null;
            found.Add(session is null ? refused : refused with { Facts = [.. refused.Facts, .. SessionRefusals.Of(session).Facts] });
        }

        return found;
    }
}
