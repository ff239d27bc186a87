namespace AuthService.Api.Admin;

/// <summary>A site that people sign in for, as configured.</summary>
/// <param name="Name">What <c>/auth/login</c> takes as <c>service</c>.</param>
/// <param name="Endpoint">The page that people return to.</param>
/// <param name="Mode">Web or Application.</param>
/// <param name="IdleTimeoutSeconds">How long its sessions live unused; null: as <c>Sessions:IdleTimeout</c> says.</param>
/// <param name="LifetimeSeconds">How long they live at most; null: as <c>Sessions:Lifetime</c> says.</param>
internal sealed record LoginServiceResponse(string Name, string Endpoint, string Mode, long? IdleTimeoutSeconds, long? LifetimeSeconds);

/// <summary>A signing key, without any part of the key itself.</summary>
/// <param name="Id">The <c>kid</c> of the tokens that it signs.</param>
/// <param name="Algorithm">ES256, ES384, RS256, PS256 or HS512.</param>
/// <param name="State">coming, active or retired.</param>
/// <param name="Signs">Whether it signs new tokens now; of several active keys the newest does.</param>
/// <param name="Published">Whether tokens signed with it are still accepted, and its public part, if it has one, is in the key set.</param>
/// <param name="ActiveFrom">From when it may sign; null: from the beginning.</param>
/// <param name="RetireAfter">Until when it may sign; null: for ever.</param>
/// <param name="AgeSeconds">How long ago it became active; null when it has not, or nobody said when.</param>
internal sealed record SigningKeyResponse(
    string Id, string Algorithm, string State, bool Signs, bool Published, DateTimeOffset? ActiveFrom, DateTimeOffset? RetireAfter, long? AgeSeconds);
