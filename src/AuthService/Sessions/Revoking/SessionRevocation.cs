using AuthService.Audit;
using AuthService.Principals;
using AuthService.Revocations;
using AuthService.Sessions.Lists;
using AuthService.Sessions.Refresh;
using AuthService.Storage;

namespace AuthService.Sessions.Revoking;

/// <param name="IsDone">Whether a session had the refresh token.</param>
/// <param name="Ended">Otherwise why the session ended that had it; null when none is known.</param>
internal readonly record struct SignOutResult(bool IsDone, EndReason? Ended);

/// <summary>Revokes sessions: deletes them, with an audit entry in the same transaction. An expired session does not count.</summary>
internal sealed class SessionRevocation(
    Store store, SessionRevocationBatcher batcher, SessionReports reports, TimeProvider clock, UnknownRefreshTokens unknown)
{
    /// <summary>PostgreSQL revokes some 40,000 sessions a second by one statement. One that is cut off revokes none, however often it is repeated.</summary>
    private static readonly TimeSpan LongestRevocation = TimeSpan.FromMinutes(30);

    private static readonly FormattableString Everything = SqlText.Raw("TRUE");

    /// <summary>Counts the sessions that were revoked by a change of a principal, once it is committed.</summary>
    public void ReportPrincipalChange(int revoked) => reports.Metrics.Ended(revoked, SessionMetrics.PrincipalChanged);

    /// <summary>Signs out the session of a refresh token.</summary>
    /// <returns>False when no session has this token.</returns>
    public async Task<SignOutResult> SignOutAsync(byte[] refreshTokenHash, AuditActor by)
    {
        var sessions = new SessionToRevoke<byte[]>(refreshTokenHash, AuditEvents.SignOut, EndReason.SignedOut, by);
        return Counted(await batcher.ByRefreshToken.ExecuteAsync(store, sessions), SessionMetrics.SignedOut)
            ? new SignOutResult(IsDone: true, Ended: null)
            : new SignOutResult(IsDone: false, await unknown.NoteAsync(refreshTokenHash, clock.GetUtcNow()));
    }

    /// <summary>
    /// Signs out the sessions of a person who signed out at an identity provider. Sessions that an administrator started from such a session end too; delegated
    /// ones stay, as at any sign-out.
    /// </summary>
    /// <param name="signOut">Selects the sessions.</param>
    /// <param name="consume">Consumes, in the same transaction, the message of the provider.</param>
    /// <param name="by">The audit actor.</param>
    /// <returns>False when the message had been consumed before.</returns>
    public async Task<bool> TrySignOutAsync(SsoSignOut signOut, Func<Task<bool>> consume, AuditActor by)
    {
        var now = clock.GetUtcNow();
        var (used, ended) = await store.InTransactionAsync(async () => await consume()
            ? (true, (await SessionDeletion.RevokeEachAsync(
                store,
                $"{signOut.ToCondition()} AND expire_at > {UnixMicroseconds.From(now)}",
                AuditEvents.SignOut,
                new SessionEnding(EndReason.SignedOut, by, now),
                detail: signOut.Provider)).Sum(reports.Receipts.Note))
            : (false, 0));
        reports.Metrics.Ended(ended, SessionMetrics.SignedOut);
        return used;
    }

    /// <summary>Revokes the session of a refresh token for somebody who is not its owner.</summary>
    public async Task<bool> TryRevokeAsync(byte[] refreshTokenHash, EndReason reason, AuditActor by) => Counted(
        await batcher.ByRefreshToken.ExecuteAsync(store, new SessionToRevoke<byte[]>(refreshTokenHash, AuditEvents.SessionRevoked, reason, by)));

    public async Task<bool> TryRevokeAsync(Guid id, EndReason reason, AuditActor by) => Counted(
        await batcher.ById.ExecuteAsync(store, new SessionToRevoke<Guid>(id, AuditEvents.SessionRevoked, reason, by)));

    /// <returns>False when there is no such session, or when it belongs to somebody else. Neither the result nor the response time tells which.</returns>
    public async Task<bool> TryRevokeAsync(Guid id, Principal owner, EndReason reason, AuditActor by)
    {
        var now = clock.GetUtcNow();
        return Counted(await SessionDeletion.RevokeOneAsync(
            store,
            $"id = {id} AND (principal_number = {owner.Number} OR actor_number = {owner.Number}) AND expire_at > {UnixMicroseconds.From(now)}",
            AuditEvents.SessionRevoked,
            new SessionEnding(reason, by, now)));
    }

    /// <returns>The number of tokens that had a session.</returns>
    public Task<int> RevokeAsync(byte[][] refreshTokenHashes, EndReason reason, AuditActor by) =>
        RevokeAsync(new SessionSelection($"refresh_token_hash {store.Among(refreshTokenHashes)}"), reason, by);

    /// <summary>Revokes all of the principal's own sessions; delegated ones stay.</summary>
    public Task<int> RevokeOwnAsync(Principal principal, EndReason reason, AuditActor by)
    {
        var those = new SessionSelection($"{Concerns(principal)} AND extended_by_chain IS NULL") { Principal = principal.Id, Stays = ", delegated ones stay" };
        return RevokeAsync(those, reason, by);
    }

    /// <summary>Revokes every session that concerns the principal, including delegated and impersonated ones.</summary>
    public Task<int> RevokeAllAsync(Principal principal, EndReason reason, AuditActor by) =>
        RevokeAsync(new SessionSelection(Concerns(principal)) { Principal = principal.Id, AlsoMadeMeanwhile = Concerns(principal) }, reason, by);

    /// <summary>Revokes every session that concerns the principal except one.</summary>
    public Task<int> RevokeOthersAsync(Principal principal, Guid current, EndReason reason, AuditActor by)
    {
        FormattableString which = $"{Concerns(principal)} AND id <> {current}";
        var those = new SessionSelection(which) { Principal = principal.Id, AlsoMadeMeanwhile = which, Stays = ", the current one stays" };
        return RevokeAsync(those, reason, by);
    }

    /// <summary>Revokes a session and everything that was made from it, directly or not. The session itself may have ended before.</summary>
    public Task<int> RevokeWithDescendantsAsync(LineageOrigin origin, EndReason reason, AuditActor by)
    {
        FormattableString which = $"(id = {origin.Id} OR (root_id = {origin.RootId} AND ancestors LIKE {$"%{origin.Id}%"}))";
        return RevokeAsync(new SessionSelection(which) { Principal = origin.Principal, Session = origin.Id, AlsoMadeMeanwhile = Everything }, reason, by);
    }

    /// <summary>Revokes all sessions of all principals.</summary>
    public Task<int> RevokeEveryonesAsync(AuditActor by)
    {
        store.AllowLongStatements(LongestRevocation);
        return RevokeAsync(new SessionSelection(Everything) { AlsoMadeMeanwhile = Everything, IsOfMost = true }, EndReason.RevokedByAdministrator, by);
    }

    /// <summary>Revokes all sessions that were started until that time, and later sessions that came from them.</summary>
    public Task<int> RevokeBegunByAsync(DateTimeOffset moment, AuditActor by)
    {
        store.AllowLongStatements(LongestRevocation);
        var until = UnixMicroseconds.From(moment);
        FormattableString which =
            $"(created_at <= {until} OR EXISTS (SELECT 1 FROM sessions AS origin WHERE origin.id = sessions.root_id AND origin.created_at <= {until}))";
        return RevokeAsync(new SessionSelection(which) { AlsoMadeMeanwhile = Everything, IsOfMost = true }, EndReason.RevokedByAdministrator, by);
    }

    /// <summary>
    /// Revokes every session that concerns the principal, inside the caller's transaction. The caller writes the audit entry and counts the sessions.
    /// </summary>
    public Task<int> RevokeAllWithinAsync(Principal principal, SessionEnding ending) => DeleteAsync(Concerns(principal), ending);

    /// <summary>
    /// Revokes the tokens that a service or provider got without a session, inside the caller's transaction, which raises its security stamp by one.
    /// </summary>
    public Task RevokeIssuedWithinAsync(Principal principal, SessionEnding ending) =>
        reports.Receipts.RevokeAsync(IdentityRevocation.OfPrincipal(principal.Id, principal.SecurityStamp + 1, ending.At), ending.At);

    /// <summary>
    /// Revokes the sessions to which the principal signed in as this subject of an identity provider, inside the caller's transaction. Each session gets an
    /// audit entry of its own; the caller counts them.
    /// </summary>
    public async Task<int> RevokeOfIdentityWithinAsync(Principal principal, string subject, string[] otherProviders, SessionEnding ending)
    {
        FormattableString which = $"{Concerns(principal)} AND sso_identifier = {subject} AND NOT (sso_provider {store.Among(otherProviders)})";
        return (await SessionDeletion.RevokeEachAsync(store, which, AuditEvents.SessionRevoked, ending)).Sum(reports.Receipts.Note);
    }

    /// <summary>
    /// Revokes the sessions in which the administrator impersonates somebody, inside the caller's transaction. When the right to impersonate is given back,
    /// they stay revoked.
    /// </summary>
    public Task<int> RevokeImpersonationsWithinAsync(Principal administrator, SessionEnding ending) =>
        DeleteAsync($"actor_number = {administrator.Number}", ending);

    /// <summary>
    /// Revokes everybody's tokens and sessions that the principal extended, and what came from those, inside the caller's transaction. The caller has locked
    /// the principal, so no new session can be created. There are many sessions but few chains: the query reads the index from one chain to the next.
    /// </summary>
    public async Task<int> RevokeExtendedByWithinAsync(Principal principal, SessionEnding ending)
    {
        var mayHave = principal.State is PrincipalState.Enabled;
        if (mayHave || principal.Type is not PrincipalType.Person || principal.Role is Role.Admin)
            await reports.Receipts.RevokeAsync(IdentityRevocation.OfExtender(principal.Id, mayHave, ending.At), ending.At);
        var chains = await store.ReadAsync<string>(
            $"""
            WITH RECURSIVE chains (chain) AS (
                SELECT MIN(extended_by_chain) FROM sessions WHERE extended_by_chain IS NOT NULL
                UNION ALL
                SELECT (SELECT MIN(s.extended_by_chain) FROM sessions AS s WHERE s.extended_by_chain > chains.chain) FROM chains
                WHERE chains.chain IS NOT NULL)
            SELECT chain AS "Value" FROM chains WHERE chain IS NOT NULL
            """);
        string[] named = [.. chains.Where(chain => Session.ToChain(chain).Contains(principal.Id, StringComparer.Ordinal))];
        if (named.Length is 0)
            return 0;
        store.AllowLongStatements(LongestRevocation);
        return await DeleteAsync($"extended_by_chain {store.Among(named)}", ending);
    }

    /// <summary>Revokes the selected sessions, with one audit entry for all of them.</summary>
    private async Task<int> RevokeAsync(SessionSelection those, EndReason reason, AuditActor by)
    {
        var now = clock.GetUtcNow();
        var ending = new SessionEnding(reason, by, now) { IsOfMost = those.IsOfMost };
        var revoked = await store.InTransactionAsync(async () =>
        {
            var all = await DeleteAsync($"{those.Which} AND expire_at > {UnixMicroseconds.From(now)}", ending);
            for (var more = all; those.AlsoMadeMeanwhile is { } meanwhile && store.IsPostgres && more > 0; all += more)
                more = await DeleteAsync($"{CameOfThose} AND {meanwhile}", ending);
            if (all > 0) // a caller who revokes nothing, again and again, must not flood the audit log
            {
                await store.InsertAsync(
                    by.CreateEntry(AuditEvents.SessionRevoked, now, those.Principal, sessionId: those.Session, detail: $"{all} sessions{those.Stays}"));
            }

            return all;
        });
        reports.Metrics.Ended(revoked, SessionMetrics.Revoked);
        return revoked;
    }

    /// <returns>The number of deleted sessions.</returns>
    private async Task<int> DeleteAsync(FormattableString which, SessionEnding ending) =>
        reports.Receipts.Note(await SessionDeletion.DeleteAsync(store, which, ending));

    /// <summary>SQL: finds the sessions made from those that this transaction has ended, by the index of their root.</summary>
    private FormattableString CameOfThose
    {
        get
        {
            FormattableString ended = $"FROM ended_sessions WHERE position = {CommitOrder.Written(store)}";
            return $"root_id IN (SELECT COALESCE(root_id, id) {ended}) AND extended_from IN (SELECT id {ended})";
        }
    }

    private static FormattableString Concerns(Principal principal) => $"(principal_number = {principal.Number} OR actor_number = {principal.Number})";

    private bool Counted(RevokedSessions? revoked, string reason = SessionMetrics.Revoked)
    {
        if (revoked is null)
            return false;
        reports.Metrics.Ended(reports.Receipts.Note(revoked), reason);
        return true;
    }
}
