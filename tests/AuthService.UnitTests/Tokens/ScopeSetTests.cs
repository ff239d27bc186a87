using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>Lists of scopes are read from arrays and from text with commas.</summary>
public sealed class ScopeSetTests
{
    [Theory]
    [InlineData("files:read", "files:read")]
    [InlineData("files:read,jobs:write", "files:read|jobs:write")]
    [InlineData("files:read:a!dg==,b!dg==,jobs:write", "files:read:a!dg==,b!dg==|jobs:write")]
    [InlineData("files:read:a!dg==,jobs:write:b!dg==,c!", "files:read:a!dg==|jobs:write:b!dg==,c!")]
    [InlineData("api", "all:write")]
    [InlineData("api,files:read", "all:write|files:read")]
    [InlineData("files:read,api", "files:read|all:write")]
    [InlineData("files:read:a!dg==,api,jobs:read", "files:read:a!dg==|all:write|jobs:read")]
    [InlineData("files:READ,jobs:Write", "files:read|jobs:write")]
    public void A_piece_without_a_colon_belongs_to_the_scope_before_it(string list, string scopes)
    {
        Assert.True(ScopeSet.TryParseList(list, out var set));
        Assert.Equal(scopes.Split('|'), set.ToArray());
        Assert.Equal(set.ToArray().Length, set.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData(",files:read")]
    [InlineData("files:read,")]
    [InlineData("files:read,,jobs:read")]
    [InlineData("files:read, jobs:read")]
    [InlineData("files:read jobs:read")]
    [InlineData("files:read,jobs")]
    [InlineData("files:read:a!dg==,jobs")]
    [InlineData("a!dg==,files:read")]
    [InlineData("files:read:a!dg==,b!*")]
    public void A_malformed_list_is_refused_as_a_whole(string list) => Assert.False(ScopeSet.TryParseList(list, out _));

    [Fact]
    public void One_malformed_scope_spoils_an_array()
    {
        Assert.False(ScopeSet.TryParse(["files:read", null], out _));
        Assert.False(ScopeSet.TryParse(["files:read", ""], out _));
        Assert.False(ScopeSet.TryParse(["files:read", "jobs"], out _));
    }

    /// <summary>The members of an array are already separate, so a comma is not a separator.</summary>
    [Fact]
    public void An_array_is_not_split_at_commas() => Assert.False(ScopeSet.TryParse(["files:read,jobs:read"], out _));

    [Fact]
    public void The_order_and_the_metadata_are_kept()
    {
        var set = Scopes.SetOf("jobs:write:b!dg==,a!", "files:read", "jobs:write");

        Assert.Equal(["jobs:write:b!dg==,a!", "files:read", "jobs:write"], set.ToArray());
    }

    [Fact]
    public void A_list_that_was_joined_is_read_back()
    {
        string[] scopes = ["files:read:a!dg==,b!L2hvbWU=", "jobs:write", "all:write", "x:read:k!"];

        Assert.True(ScopeSet.TryParseList(string.Join(',', scopes), out var set));

        Assert.Equal(scopes, set.ToArray());
    }

    [Fact]
    public void The_set_of_a_login_is_all_write() => Assert.Equal(["all:write"], ScopeSet.AllWrite.ToArray());
}
