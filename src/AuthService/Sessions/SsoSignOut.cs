namespace AuthService.Sessions;

/// <summary>Somebody has signed out at an identity provider: by their name there, or by the id of their session there, or by both.</summary>
/// <param name="Provider">Its title.</param>
/// <param name="Identifier">What it calls them; null when it does not say.</param>
/// <param name="SessionId">Its own session; null when it means all of theirs.</param>
internal sealed record SsoSignOut(string Provider, string? Identifier, string? SessionId)
{
    /// <summary>
    /// Which sessions that ends, as a piece of SQL (<see cref="Storage.SqlText"/>). Of somebody's sessions those end as well of which nobody knows from which
    /// session of the provider they came.
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
