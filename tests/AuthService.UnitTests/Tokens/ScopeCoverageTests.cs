using AuthService.Tokens;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>The coverage of scopes (src/AuthService/README.md#scopes), as properties of generated scopes.</summary>
public sealed class ScopeCoverageTests
{
    [Fact]
    public void Coverage_is_what_the_contract_says() =>
        Holds(Prop.ForAll(Scopes.Any, Scopes.Any, (held, wanted) => held.Covers(wanted) == Expected(held, wanted)));

    [Fact]
    public void A_scope_covers_itself() =>
        Holds(Prop.ForAll(Scopes.Any, scope => scope.Covers(scope)));

    [Fact]
    public void Coverage_is_transitive() => Holds(Prop.ForAll(
        Scopes.Any, Scopes.Any, Scopes.Any, (a, b, c) => !a.Covers(b) || !b.Covers(c) || a.Covers(c)));

    [Fact]
    public void Write_covers_read_and_read_never_covers_write() => Holds(Prop.ForAll(Scopes.Any, scope =>
    {
        var (read, write) = (With(scope, "read"), With(scope, "write"));
        return write.Covers(read) && !read.Covers(write);
    }));

    [Fact]
    public void A_scope_covers_what_is_below_it_and_not_the_reverse() => Holds(Prop.ForAll(Scopes.Any, scope =>
    {
        var below = Scopes.Of($"{NameOf(scope)}.below:{scope.Access}");
        return scope.Covers(below) && !below.Covers(scope);
    }));

    [Fact]
    public void All_covers_everything_but_special() => Holds(Prop.ForAll(Scopes.Any, scope =>
        Scope.AllWrite.Covers(scope) == (scope.Segments[0] != "special")));

    [Fact]
    public void Metadata_takes_no_part() => Holds(Prop.ForAll(Scopes.Any, Scopes.Any, (held, wanted) =>
    {
        var heldWith = Scopes.Of($"{held}:path!L2hvbWU=");
        var wantedWith = Scopes.Of($"{wanted}:owner!bWU=,x!");
        return heldWith.Covers(wanted) == held.Covers(wanted) && held.Covers(wantedWith) == held.Covers(wanted);
    }));

    [Fact]
    public void A_set_covers_what_one_of_its_scopes_covers_and_no_more() => Holds(Prop.ForAll(Scopes.AnySet, Scopes.Any, (set, wanted) =>
        set.Covers(wanted) == set.ToArray().Any(text => Scopes.Of(text).Covers(wanted))));

    [Fact]
    public void A_set_covers_a_set_when_it_covers_each_of_its_scopes() => Holds(Prop.ForAll(Scopes.AnySet, Scopes.AnySet, (set, wanted) =>
        set.Covers(wanted) == wanted.ToArray().All(text => set.Covers(Scopes.Of(text)))));

    /// <summary>An extension grants only what both the token and the policy cover. So the same holds for everything that the granted scopes cover.</summary>
    [Fact]
    public void What_two_sets_cover_both_covers_nothing_beyond_either() =>
        Holds(Prop.ForAll(Scopes.AnySet, Scopes.AnySet, Scopes.Any, (token, policy, wanted) =>
    {
        if (wanted.IsReserved || !token.Covers(wanted) || !policy.Covers(wanted))
            return true;
        var used = Scopes.Of($"{NameOf(wanted)}.deeper:read");
        return wanted.Covers(used) && token.Covers(used) && policy.Covers(used);
    }));

    [Theory]
    [InlineData("files:write", "files.upload:read", true)]
    [InlineData("files.upload:write", "files:read", false)]
    [InlineData("files:read", "filesystem:read", false)]
    [InlineData("files.a:read", "files.ab:read", false)]
    [InlineData("files:read", "Files:read", false)]
    [InlineData("all:read", "files:write", false)]
    [InlineData("all:write", "special:read", false)]
    [InlineData("all:write", "special.grant:write", false)]
    [InlineData("all.files:write", "files:read", false)]
    [InlineData("special:write", "special.grant:write", true)]
    public void Examples(string held, string wanted, bool covered) => Assert.Equal(covered, Scopes.Of(held).Covers(Scopes.Of(wanted)));

    /// <summary>Returns the expected result: the rule of the contract again, on text.</summary>
    private static bool Expected(Scope held, Scope wanted)
    {
        var (heldName, wantedName) = (NameOf(held), NameOf(wanted));
        var accessIsEnough = held.ToString().EndsWith(":write", StringComparison.Ordinal) || wanted.ToString().EndsWith(":read", StringComparison.Ordinal);
        return accessIsEnough && (heldName == "all"
            ? wantedName.Split('.')[0] != "special"
            : $"{wantedName}.".StartsWith($"{heldName}.", StringComparison.Ordinal));
    }

    private static string NameOf(Scope scope) => string.Join('.', scope.Segments);

    private static Scope With(Scope scope, string access) => Scopes.Of($"{NameOf(scope)}:{access}");

    private static void Holds(Property property) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), property);
}
