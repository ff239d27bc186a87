extern alias package;

using System.Security.Claims;
using package::AuthService.Client;
using Xunit;

namespace AuthService.UnitTests.Client;

/// <summary>The client package reads the scopes of a token. ScopeCoverageTests test the rule itself, which is the service's.</summary>
public sealed class HasScopeTests
{
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
    [InlineData("api", "files:write", true)]
    [InlineData("files:WRITE:path!L2hvbWU=", "files:write:owner!bWU=", true)]
    public void The_vectors_of_the_service_hold(string held, string wanted, bool covered) => Assert.Equal(covered, With(held).HasScope(wanted));

    [Fact]
    public void A_scope_that_cannot_be_read_gives_nothing_and_takes_nothing() =>
        Assert.True(With("files", "", "files:write:later!v2!x", "files:read").HasScope("files:read") && !With("files").HasScope("files:read"));

    [Fact]
    public void Nobody_has_a_scope_and_no_other_scheme_gives_one()
    {
        Assert.False(new ClaimsPrincipal().HasScope("files:read"));
        Assert.False(new ClaimsPrincipal(new ClaimsIdentity([new("aud", "all:write")], "Cookies")).HasScope("files:read"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("files")]
    [InlineData("files:execute")]
    public void A_malformed_scope_is_an_error_of_whoever_asks(string scope) =>
        Assert.Throws<ArgumentException>(() => With("all:write").HasScope(scope));

    private static ClaimsPrincipal With(params string[] scopes) =>
        new(new ClaimsIdentity(scopes.Select(scope => new Claim(AuthServiceBearer.ScopeClaim, scope)), AuthServiceBearer.SchemeName));
}
