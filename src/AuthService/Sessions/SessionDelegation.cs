using AuthService.Principals;

namespace AuthService.Sessions;

/// <summary>The data of a session that a service gets by extending a token.</summary>
/// <param name="Principal">The principal of the token.</param>
/// <param name="Source">The session of the token. A token without a session cannot be delegated.</param>
/// <param name="Scopes">The scopes of the token that remain.</param>
/// <param name="ExtendedByChain">The ids of the services that extended the token.</param>
/// <param name="AccessTokenLifetime">The lifetime of the access tokens of the new session.</param>
internal sealed record SessionDelegation(Principal Principal, Session Source, string[] Scopes, string[] ExtendedByChain, TimeSpan AccessTokenLifetime);
