using AuthService.Refusals;

namespace AuthService.Sessions;

/// <summary>Notes what is known of a refresh token that no session and no service has.</summary>
internal sealed class UnknownRefreshTokens(EndedSessionStore ended, RefusalNotes refusals)
{
    /// <returns>Why the session ended that had it within a week; null when nobody knows the token.</returns>
    public async Task<EndReason?> NoteAsync(byte[] hash, DateTimeOffset now)
    {
        var found = await ended.FindAsync(hash, now);
        refusals.Add(found is null ? new RefusalNote(RefusalReason.UnknownToken) : SessionRefusals.Of(found));
        return found?.Session.Reason;
    }
}
