extern alias package;

using System.Globalization;
using package::AuthService.Client.Revocations;

namespace AuthService.UnitTests.Client;

/// <summary>Three sessions, their entries in the feed and their tokens.</summary>
internal static class RevokedSessions
{
    public const string First = "01900000-0000-7000-8000-000000000001";
    public const string Second = "01900000-0000-7000-8000-000000000002";
    public const string Third = "01900000-0000-7000-8000-000000000003";

    public static string Entry(string session, long until = 99_999_999_999) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"sid":"{{session}}","until":{{until}}}""");

    public static string Answer(string cursor, bool more, params string[] entries) =>
        $$"""{"cursor":"{{cursor}}","now":1764362400.123,"revoked":[{{string.Join(',', entries)}}]{{(more ? ",\"more\":true" : "")}}}""";

    public static CheckedToken Token(string session) => new("a.b.AAAA", "ada", IssuedAt: 1, HasSession: true, Guid.Parse(session));
}
