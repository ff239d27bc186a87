namespace AuthService.Api.Admin;

/// <summary>A login service: a site that people sign in for, as configured.</summary>
/// <param name="Name">The name, as <c>/auth/login</c> takes it in <c>service</c>.</param>
/// <param name="Endpoint">The page of the site to which people return after signing in.</param>
/// <param name="Mode">Web or Application.</param>
/// <param name="IdleTimeoutSeconds">
/// How long a session of the site may be unused, in seconds; null means the setting <c>Sessions:IdleTimeout</c> applies.
/// </param>
/// <param name="LifetimeSeconds">How long a session of the site lives at most, in seconds; null means the setting <c>Sessions:Lifetime</c> applies.</param>
internal sealed record LoginServiceResponse(string Name, string Endpoint, string Mode, long? IdleTimeoutSeconds, long? LifetimeSeconds);

/// <summary>A signing key, without any part of the key itself.</summary>
/// <param name="Id">The <c>kid</c> in the header of the tokens that the key signs.</param>
/// <param name="Algorithm">ES256, ES384, RS256, PS256 or HS512.</param>
/// <param name="State">coming, active or retired.</param>
/// <param name="Signs">Whether this key signs new tokens now. When several keys are active, only the newest one does.</param>
/// <param name="Published">Whether tokens signed with the key are still accepted. If the key has a public part, that part is then also in the key set.</param>
/// <param name="ActiveFrom">The time from which the key may sign; null means it always could.</param>
/// <param name="RetireAfter">The time until which the key may sign; null means there is no end.</param>
/// <param name="AgeSeconds">The time since the key became active, in seconds; null when it is not active yet or no start was configured.</param>
internal sealed record SigningKeyResponse(
    string Id, string Algorithm, string State, bool Signs, bool Published, DateTimeOffset? ActiveFrom, DateTimeOffset? RetireAfter, long? AgeSeconds);
