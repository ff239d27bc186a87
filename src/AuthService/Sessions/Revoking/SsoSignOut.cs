namespace AuthService.Sessions.Revoking;

/// <summary>A sign-out at an identity provider, which names the person, the provider's session, or both.</summary>
/// <param name="Provider">The title of the provider.</param>
/// <param name="Identifier">The provider's id of the person; null when it sent none.</param>
/// <param name="SessionId">The provider's id of its session; null when it means all sessions of the person.</param>
internal sealed record SsoSignOut(string Provider, string? Identifier, string? SessionId)
{
    /// <summary>
    /// Returns the SQL condition (<see cref="Storage.SqlText"/>) for the sessions that this ends. When a person is named, it includes the person's sessions for
    /// which the session of the provider is not known.
    /// </summary>
    public FormattableString ToCondition() => (Identifier, SessionId) switch
    {
        ({ } identifier, { } session) =>
            $"sso_provider = {Provider} AND sso_identifier = {identifier} AND (sso_session_id = {session} OR sso_session_id IS NULL)",
        (null, { } session) => $"sso_provider = {Provider} AND sso_session_id = {session}",
        ({ } identifier, null) => $"sso_provider = {Provider} AND sso_identifier = {identifier}",
        _ => throw new InvalidOperationException("A sign-out without a name and a session would be everybody's"),
    };
}
