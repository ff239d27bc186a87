namespace AuthService.Client;

/// <summary>The state of a session.</summary>
public enum SessionState
{
    /// <summary>The session is open, but cannot be used until it is enabled.</summary>
    New,

    /// <summary>The session can be used.</summary>
    Enabled,

    /// <summary>The session was unused for too long. It can be enabled again.</summary>
    Suspended,

    /// <summary>The session has reached its greatest age.</summary>
    Expired,

    /// <summary>The session was revoked.</summary>
    Deleted,
}

/// <summary>Whether a user may sign in.</summary>
public enum UserState
{
    /// <summary>The user may sign in.</summary>
    Enabled,

    /// <summary>The user may not sign in for now.</summary>
    Disabled,

    /// <summary>The user was deleted.</summary>
    Deleted,
}

/// <summary>A session as internal services see it (src/AuthService/README.md#sessions-api).</summary>
/// <param name="SessionId">The session's id.</param>
/// <param name="State">Its state.</param>
/// <param name="Created">When it was opened.</param>
/// <param name="Suspend">When it is suspended if it is not used before.</param>
/// <param name="Expire">When it expires, even if it is used.</param>
/// <param name="User">The user that it acts as.</param>
/// <param name="EnabledForEquisoftConnect">Whether it counts as one of the user's sessions of that product.</param>
/// <param name="Mobile">Whether it is a mobile session, which counts against no limit.</param>
/// <param name="CookieDomain">The domain that it was opened with; null without one.</param>
/// <param name="Actor">The administrator who impersonates the user; null without an impersonation.</param>
/// <param name="Sso">The user's sign-in at another provider; null without one.</param>
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
    /// <summary>The service that impersonates in the administrator's name; null when the administrator did it.</summary>
    public string? ActorService { get; init; }
}

/// <summary>The user or the impersonating administrator of a session.</summary>
/// <param name="Id">The number of the user.</param>
/// <param name="Uuid">The id for opening sessions.</param>
/// <param name="DisplayName">The name for display.</param>
/// <param name="Email">The e-mail address; empty when it is not known.</param>
/// <param name="Locale">The language, for example <c>en</c>.</param>
/// <param name="State">Whether they may sign in.</param>
/// <param name="Locked">Whether sign-ins are locked at this moment because of wrong passwords.</param>
/// <param name="LegacyRoles">A list with the role.</param>
/// <param name="Deletable">Whether they can be deleted.</param>
/// <param name="Billable">Whether they are an enabled person.</param>
/// <param name="Agreement">The agreement of use.</param>
/// <param name="Services">The products that they may use, with the number of sessions.</param>
/// <param name="AuthType"><c>PASSWORD</c> or <c>SSO</c>.</param>
/// <param name="Created">When the account was created.</param>
/// <param name="SsoProvider">The provider of their sign-in; null without one.</param>
/// <param name="SsoIdentifier">Their id at that provider; null without one.</param>
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

/// <summary>A product that a user may use.</summary>
/// <param name="ServiceName">Its name.</param>
/// <param name="MaxConcurrentAccess">The greatest number of sessions at once; 0 or null is no limit.</param>
public sealed record UserService(string ServiceName, int? MaxConcurrentAccess = null);

/// <summary>A provider of sign-ins.</summary>
/// <param name="Code">The provider's name.</param>
public sealed record SsoProvider(string Code);

/// <summary>A user's sign-in at another provider.</summary>
/// <param name="Provider">The provider's name, 1 to 250 characters.</param>
/// <param name="Identifier">The user's id there, 1 to 250 characters.</param>
public sealed record SingleSignOn(string Provider, string Identifier);

/// <summary>The settings of a session that is to be opened.</summary>
/// <param name="UserUuid">The <c>uuid</c> of a person.</param>
public sealed record NewSession(Guid UserUuid)
{
    /// <summary>Whether the session is enabled at once. With false it stays <see cref="SessionState.New"/>. The default is true.</summary>
    public bool Enable { get; init; } = true;

    /// <summary>The user's sign-in at another provider.</summary>
    public SingleSignOn? Sso { get; init; }

    /// <summary>Whether the session gets the shorter lifetimes of public computers.</summary>
    public bool PublicComputer { get; init; }

    /// <summary>Whether it is a mobile session, which counts against no limit.</summary>
    public bool MobileDevice { get; init; }

    /// <summary>One of the domains that AuthService is configured with.</summary>
    public string? CookieDomain { get; init; }
}
