using AuthService.Principals;

namespace AuthService.Sessions;

/// <summary>A session as its person sees it in a list.</summary>
/// <param name="Id">The session.</param>
/// <param name="IpAddress">Where the sign-in came from.</param>
/// <param name="UserAgent">As the browser sent it.</param>
/// <param name="Location">As a reverse proxy told it.</param>
/// <param name="CreatedAt">When it began.</param>
/// <param name="LastUsedAt">When it was last used.</param>
/// <param name="ExpireAt">Its absolute end.</param>
/// <param name="ExtendedBy">The service that narrowed it last; null unless it is delegated.</param>
/// <param name="Actor">The id of the administrator who impersonates in it.</param>
internal sealed record ListedSession(
    Guid Id,
    string? IpAddress,
    string? UserAgent,
    string? Location,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset ExpireAt,
    string? ExtendedBy,
    string? Actor);

/// <summary>Which of the living sessions that concern a principal are asked for, newest first.</summary>
/// <param name="Principal">As it was found a moment ago.</param>
/// <param name="Now">At this moment they live.</param>
/// <param name="Take">At most so many.</param>
internal sealed record ListQuestion(Principal Principal, DateTimeOffset Now, int Take)
{
    public int Skip { get; init; }

    /// <summary>Leaves out what services made of its tokens.</summary>
    public bool WithoutDelegated { get; init; }

    /// <summary>Leaves out new and suspended ones.</summary>
    public bool OnlyActive { get; init; }
}

/// <summary>One page of a principal's sessions, newest first.</summary>
internal sealed record SessionPage(int ItemsInTotal, IReadOnlyList<ListedSession> Items);

/// <summary>A session with the products that it is enabled for, in alphabetical order.</summary>
internal sealed record SessionInFull(OwnedSession Owned, IReadOnlyList<string> Products);

/// <summary>One page of everything that concerns a principal, newest first.</summary>
internal sealed record SessionInFullPage(int ItemsInTotal, IReadOnlyList<SessionInFull> Items);
