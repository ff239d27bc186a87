using AuthService.Tokens;
using Xunit;

namespace AuthService.UnitTests.Tokens;

/// <summary>The grammar of one scope (src/AuthService/README.md#scopes).</summary>
public sealed class ScopeTests
{
    [Theory]
    [InlineData("files:read")]
    [InlineData("files.download:read")]
    [InlineData("a.b.c.d.e:write")]
    [InlineData("A-Z_0+9:write")]
    [InlineData("all:write")]
    [InlineData("api:read")]
    [InlineData("files:read:path!L2hvbWU=")]
    [InlineData("files:read:path!L2hvbWU=,owner!bWU=")]
    [InlineData("files:read:path!")]
    public void A_well_formed_scope_is_written_as_it_was_read(string text) => Assert.Equal(text, Scopes.Of(text).ToString());

    [Theory]
    [InlineData("files:READ", "files:read")]
    [InlineData("files:Write", "files:write")]
    [InlineData("files:wRITE:k!dg==", "files:write:k!dg==")]
    public void Access_is_read_in_any_letter_case(string text, string canonical) => Assert.Equal(canonical, Scopes.Of(text).ToString());

    [Fact]
    public void Api_alone_is_an_old_name_for_all_write() => Assert.Equal("all:write", Scopes.Of("api").ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("files")]
    [InlineData("API")]
    [InlineData("all")]
    [InlineData(":read")]
    [InlineData("files:")]
    [InlineData("files:execute")]
    [InlineData("files:readwrite")]
    [InlineData("files: read")]
    [InlineData(" files:read")]
    [InlineData("files:read ")]
    [InlineData("files:read\n")]
    [InlineData(".files:read")]
    [InlineData("files.:read")]
    [InlineData("files..download:read")]
    [InlineData("fi les:read")]
    [InlineData("files/a:read")]
    [InlineData("files*:read")]
    [InlineData("f\u00EFles:read")]
    [InlineData("\uFF46iles:read")]
    [InlineData("files,jobs:read")]
    [InlineData("files:read,jobs:read")]
    [InlineData("files:read:k!dg==:more")]
    public void A_malformed_scope_is_refused(string? text) => Assert.False(Scope.TryParse(text, out _));

    [Theory]
    [InlineData("files:read:")]
    [InlineData("files:read:key")]
    [InlineData("files:read:!dg==")]
    [InlineData("files:read:key!not-base64")]
    [InlineData("files:read:key!dg")]
    [InlineData("files:read:key!d===")]
    [InlineData("files:read:key!dg==!dg==")]
    [InlineData("files:read:key!dg==,")]
    [InlineData("files:read:,key!dg==")]
    [InlineData("files:read:ke y!dg==")]
    public void Malformed_metadata_is_refused(string text) => Assert.False(Scope.TryParse(text, out _));

    /// <summary>.NET's base64 ignores white space. A scope with a space would be split when scopes are joined by spaces.</summary>
    [Theory]
    [InlineData("files:read:key!d g==")]
    [InlineData("files:read:key!dg== ")]
    [InlineData("files:read:key!dg==\n")]
    [InlineData("files:read:key!\tdg==")]
    public void White_space_in_metadata_is_refused(string text) => Assert.False(Scope.TryParse(text, out _));

    [Theory]
    [InlineData("all:read", true)]
    [InlineData("all:write", true)]
    [InlineData("api", true)]
    [InlineData("all.files:read", true)]
    [InlineData("special:read", true)]
    [InlineData("special.grant.x:write", true)]
    [InlineData("allowed:read", false)]
    [InlineData("specials:read", false)]
    [InlineData("files.all:read", false)]
    [InlineData("files.special:write", false)]
    public void All_and_special_are_reserved(string text, bool reserved) => Assert.Equal(reserved, Scopes.Of(text).IsReserved);
}
