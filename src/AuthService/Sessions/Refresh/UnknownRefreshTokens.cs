using AuthService.Refusals;
using AuthService.Sessions.Revoking;
using AuthService.Sessions.Rules;

namespace AuthService.Sessions.Refresh;

/// <summary>Records the refusal of a refresh token that no session and no service has.</summary>
internal sealed class UnknownRefreshTokens(EndedSessionStore ended, RefusalNotes refusals)
{
    /// <returns>The reason why the session of the token ended within the last week; null when the token is unknown.</returns>
    public async Task<EndReason?> NoteAsync(byte[] hash, DateTimeOffset now)
    {
        var found = await ended.FindAsync(hash, now);
        refusals.Add(found is null ? new RefusalNote(RefusalReason.UnknownToken) : SessionRefusals.Of(found));
        return found?.Session.Reason;
    }
}
