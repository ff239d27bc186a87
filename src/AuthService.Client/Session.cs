namespace AuthService.Client;

/// <summary>What may be done with a session.</summary>
public enum SessionState
{
    /// <summary>Opened, and of no use until it is enabled.</summary>
    New,

    /// <summary>In use.</summary>
    Enabled,

    /// <summary>Unused for too long; it can be enabled again.</summary>
    Suspended,

    /// <summary>At its end by age.</summary>
    Expired,

    /// <summary>Ended by somebody.</summary>
    Deleted,
}

/// <summary>Whether a user may sign in.</summary>
public enum UserState
{
    /// <summary>They may.</summary>
    Enabled,

    /// <summary>They may not, for now.</summary>
    Disabled,

    /// <summary>They are gone.</summary>
    Deleted,
}

/// <summary>A session as internal services see it (src/AuthService/README.md#sessions-api).</summary>
/// <param name="SessionId">The session's id.</param>
/// <param name="State">What may be done with it.</param>
/// <param name="Created">When it began.</param>
/// <param name="Suspend">When it is suspended unless it is used before.</param>
/// <param name="Expire">When it ends, whatever happens.</param>
/// <param name="User">Whom it acts as.</param>
/// <param name="EnabledForEquisoftConnect">Whether it counts as one of the user's sessions there.</param>
/// <param name="Mobile">Mobile sessions count against no limit.</param>
/// <param name="CookieDomain">As it was opened with.</param>
/// <param name="Actor">The administrator who impersonates the user; null when nobody does.</param>
/// <param name="Sso">How the user signed in elsewhere.</param>
public sealed record Session(
    Guid SessionId,
    SessionState State,
    DateTimeOffset Created,
    DateTimeOffset Suspend,
    DateTimeOffset Expire,
    SessionUser User,
    bool EnabledForEquisoftConnect,
    bool Mobile,
    string? CookieDomain = null,
    SessionUser? Actor = null,
    SingleSignOn? Sso = null)
{
    /// <summary>The service that impersonates in the administrator's name; null when they do so themselves.</summary>
    public string? ActorService { get; init; }
}

/// <summary>Somebody whom a session acts as or is led by.</summary>
/// <param name="Id">The number.</param>
/// <param name="Uuid">The id that sessions are opened by.</param>
/// <param name="DisplayName">For people.</param>
/// <param name="Email">Empty where it is not known.</param>
/// <param name="Locale">The language, for example <c>en</c>.</param>
/// <param name="State">Whether they may sign in.</param>
/// <param name="Locked">Whether wrong passwords keep them out at this moment.</param>
/// <param name="LegacyRoles">The role.</param>
/// <param name="Deletable">Whether they can be deleted.</param>
/// <param name="Billable">Whether they are an enabled person.</param>
/// <param name="Agreement">The agreement of use.</param>
/// <param name="Services">The products they may use, and in how many sessions.</param>
/// <param name="AuthType"><c>PASSWORD</c> or <c>SSO</c>.</param>
/// <param name="Created">When they were made known.</param>
/// <param name="SsoProvider">With whom they signed in.</param>
/// <param name="SsoIdentifier">Who they are there.</param>
public sealed record SessionUser(
    long Id,
    Guid Uuid,
    string DisplayName,
    string Email,
    string Locale,
    UserState State,
    bool Locked,
    IReadOnlyList<string> LegacyRoles,
    bool Deletable,
    bool Billable,
    Agreement Agreement,
    IReadOnlyList<UserService> Services,
    string AuthType,
    DateTimeOffset? Created = null,
    SsoProvider? SsoProvider = null,
    string? SsoIdentifier = null);

/// <summary>The agreement of use.</summary>
/// <param name="State"><c>ACCEPTED</c> or <c>REQUESTED</c>.</param>
public sealed record Agreement(string State);

/// <summary>A product that somebody may use.</summary>
/// <param name="ServiceName">Its name.</param>
/// <param name="MaxConcurrentAccess">In how many sessions at once; 0 or null is no limit.</param>
public sealed record UserService(string ServiceName, int? MaxConcurrentAccess = null);

/// <summary>Who vouches for a sign-in elsewhere.</summary>
/// <param name="Code">The provider's name.</param>
public sealed record SsoProvider(string Code);

/// <summary>A sign-in elsewhere.</summary>
/// <param name="Provider">With whom, 1 to 250 characters.</param>
/// <param name="Identifier">Who the user is there, 1 to 250 characters.</param>
public sealed record SingleSignOn(string Provider, string Identifier);

/// <summary>What a session is opened with.</summary>
/// <param name="UserUuid">The <c>uuid</c> of a person.</param>
public sealed record NewSession(Guid UserUuid)
{
    /// <summary>False leaves it <see cref="SessionState.New"/>, of no use until it is enabled. True unless it is set.</summary>
    public bool Enable { get; init; } = true;

    /// <summary>How the user signed in elsewhere.</summary>
    public SingleSignOn? Sso { get; init; }

    /// <summary>Gives it the shorter lifetimes of public computers.</summary>
    public bool PublicComputer { get; init; }

    /// <summary>Mobile sessions count against no limit.</summary>
    public bool MobileDevice { get; init; }

    /// <summary>One of the domains that AuthService is configured with.</summary>
    public string? CookieDomain { get; init; }
}
