using System.Text;
using AuthService.Hosting.CommandLine;
using AuthService.People;
using AuthService.Principals;
using Xunit;

namespace AuthService.UnitTests.Hosting.CommandLine;

/// <summary>A line of an import is read, or refused with a clear message.</summary>
public sealed class ImportLineTests
{
    private const string Bcrypt = "$2b$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    [Fact]
    public void An_id_alone_makes_an_enabled_user_without_a_password()
    {
        var person = Read("""{"id":"Ada"}""");

        Assert.Equal(("Ada", "ada", Role.User), (person.Person.Id.Text, person.Person.Id.Folded, person.Person.Role));
        Assert.Equal((PrincipalState.Enabled, null), (person.State, person.PasswordHash));
    }

    [Fact]
    public void Every_member_is_taken_and_strange_ones_are_passed_over()
    {
        var person = Read(
            $$"""
            {"id":"ada","role":"ADMIN","state":"DISABLED","passwordHash":"{{Bcrypt}}",
            "firstNames":"Ada","lastName":"Lovelace","email":"ada@example.com","orgId":"7",
            "locale":"en","canImpersonate":true,"agreement":{"state":"REQUESTED"},
            "passwordResetRequested":true,"services":[{"serviceName":"X","maxConcurrentAccess":2}],"shoeSize":38}
            """);
        var details = person.Person.Details;

        Assert.Equal((Role.Admin, PrincipalState.Disabled, Bcrypt), (person.Person.Role, person.State, person.PasswordHash));
        Assert.Equal(
            new PrincipalProfile { FirstNames = "Ada", LastName = "Lovelace", Email = "ada@example.com", OrgId = "7", Locale = "en" },
            details.Profile.ApplyTo(new PrincipalProfile()));
        Assert.Equal((true, false, true), (details.CanImpersonate, details.AgreementAccepted, details.PasswordResetRequested));
        Assert.Equal([new ServiceGrant("X", 2)], details.Services.Value!);
    }

    [Theory]
    [InlineData("not json", "JSON")]
    [InlineData("[]", "JSON")]
    [InlineData("7", "JSON")]
    [InlineData("null", "JSON object")]
    [InlineData("""{"id":"a"} {"id":"b"}""", "JSON")]
    [InlineData("""{"id":"a"}x""", "JSON")]
    [InlineData("""{"id":"a","id":"b"}""", "twice")]
    [InlineData("""{"id":"a","role":"USER","role":"ADMIN"}""", "twice")]
    [InlineData("""{"id":"a","role":"USER","Role":"ADMIN"}""", "twice")]
    [InlineData("""{"id":"a","agreement":{"state":"REQUESTED","STATE":"ACCEPTED"}}""", "twice")]
    [InlineData("""{"id":7}""", "wrong type")]
    [InlineData("""{"id":"\ud800"}""", "")]
    [InlineData("{}", "id")]
    [InlineData("""{"id":""}""", "id")]
    [InlineData("""{"id":"a\u0000b"}""", "id")]
    [InlineData("""{"id":"a/b"}""", "id")]
    [InlineData("""{"id":"_service"}""", "id")]
    [InlineData("""{"id":"#P_provider"}""", "id")]
    [InlineData("""{"id":"a","role":"SERVICE"}""", "role must be USER or ADMIN")]
    [InlineData("""{"id":"a","role":"user"}""", "role must be USER or ADMIN")]
    [InlineData("""{"id":"a","state":"DELETED"}""", "state must be ENABLED or DISABLED")]
    [InlineData("""{"id":"a","agreement":{}}""", "agreement.state must be ACCEPTED or REQUESTED")]
    [InlineData("""{"id":"a","email":"a\nb"}""", "email")]
    [InlineData("""{"id":"a","services":[null]}""", "services")]
    [InlineData("""{"id":"a","services":[{"serviceName":"x","maxConcurrentAccess":-1}]}""", "services")]
    [InlineData("""{"id":"a","passwordHash":""}""", "passwordHash must")]
    [InlineData("""{"id":"a","passwordHash":"5f4dcc3b5aa765d61d8327deb882cf99"}""", "passwordHash must")]
    [InlineData("""{"id":"a","passwordHash":"$argon2i$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG"}""", "passwordHash must")]
    [InlineData("""{"id":"a","passwordHash":"$argon2id$v=19$m=2097152,t=1,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG"}""", "at most 131072")]
    [InlineData("""{"id":"a","passwordHash":"$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}""", "cost from 04 to 17")]
    [InlineData("""{"id":"a","passwordHash":"$2b$xx$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}""", "cost from 04 to 17")]
    [InlineData("""{"id":"a","passwordHash":"$2x$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}""", "passwordHash must")]
    [InlineData("""{"id":"a","passwordHash":"$2b$12$CCCCCCCCCCCCCCCCCCCC!.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}""", "passwordHash must")]
    [InlineData("""{"id":"a","password_hash":"x"}""", "\"password_hash\" is not read: write passwordHash")]
    [InlineData("""{"id":"a","password":"x"}""", "write passwordHash")]
    [InlineData("""{"id":"a","Hash":"x"}""", "write passwordHash")]
    [InlineData("""{"id":"a","first_names":"Ada"}""", "write firstNames")]
    [InlineData("""{"id":"a","firstName":"Ada"}""", "write firstNames")]
    [InlineData("""{"id":"a","e-mail":"ada@example.com"}""", "write email")]
    [InlineData("""{"id":"a","can_impersonate":true}""", "write canImpersonate")]
    public void A_bad_line_is_refused_in_words_that_name_the_fault(string json, string words)
    {
        Assert.False(ImportLine.TryRead(Encoding.UTF8.GetBytes(json), out var person, out var fault));
        Assert.Null(person);
        Assert.NotEmpty(fault);
        Assert.Contains(words, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_read_is_told_and_passed_over_beside_what_is()
    {
        var unread = new List<string>();
        var line = $$"""{"id":"ada","passwordHash":"{{Bcrypt}}","password":"x","shoeSize":38,"nested":[1]}""";

        Assert.True(ImportLine.TryRead(Encoding.UTF8.GetBytes(line), out var person, out var fault, unread.Add), fault);

        Assert.Equal(Bcrypt, person.PasswordHash);
        Assert.Equal(["password", "shoeSize", "nested"], unread, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"ada","password":null}""")]
    [InlineData("""{"id":"ada","password_hash":null,"mail":null}""")]
    public void A_member_without_a_value_is_meant_as_none(string json) => Assert.Null(Read(json).PasswordHash);

    [Fact]
    public void Broken_UTF_8_is_refused_without_showing_it()
    {
        byte[] json = [.. "{\"id\":\"b"u8, 0xFF, 0xFE, .. "\"}"u8];

        Assert.False(ImportLine.TryRead(json, out _, out var fault));
        Assert.All(fault, character => Assert.InRange(character, ' ', '~'));
    }

    private static ImportedPerson Read(string json)
    {
        Assert.True(ImportLine.TryRead(Encoding.UTF8.GetBytes(json), out var person, out var fault), fault);
        return person;
    }
}
