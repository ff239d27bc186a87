using AuthService.Principals;

namespace AuthService.UnitTests.Principals;

internal static class TestPeople
{
    public static Principal Ada() => Person("ada");

    public static Principal Person(string id) => new()
    {
        Id = id,
        FoldedId = id,
        SearchText = id,
        Uuid = Guid.Empty,
        Type = PrincipalType.Person,
        Role = Role.User,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
