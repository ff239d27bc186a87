using System.Text;
using System.Text.Json;
using AuthService.Principals;
using AuthService.Revocations;
using AuthService.Storage;
using Xunit;

namespace AuthService.UnitTests.Revocations;

public sealed class RevocationReceiptTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(10);

    public static TheoryData<double?, double?, double> Ends => new()
    {
        { null, 3600, 600 },
        { null, 60, 60 },
        { 86_400, 3600, 86_400 },
        { 30, 3600, 600 },
        { 30, 60, 60 },
        { 300, null, 300 },
        { null, null, 0 },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void The_tokens_of_sessions_end_with_the_longest_of_them(double? known, double? usualNotAfter, double end) =>
        Assert.Equal(Now.AddSeconds(end), new EndOfTokens(After(known), After(usualNotAfter)).Find(Now, Usual));

    [Fact]
    public void Two_revocations_of_one_call_have_one_receipt()
    {
        var (first, second) = (ReceiptOf(7, sessions: 2), ReceiptOf(5, sessions: 1) with { RevokedAt = Now.AddSeconds(1), OfflineUntil = Now.AddDays(1) });

        var claims = JsonElement.Parse(first.With(second).ToJson("issuer", Now));

        Assert.Equal("epoch.8", claims.GetProperty("cursor").GetString());
        Assert.Equal(Now.AddSeconds(1).ToUnixTimeSeconds(), claims.GetProperty("revokedAt").GetDecimal());
        Assert.Equal(Now.AddDays(1).ToUnixTimeSeconds(), claims.GetProperty("offlineUntil").GetInt64());
        Assert.Equal((3, 3), (claims.GetProperty("sessions").GetInt32(), claims.GetProperty("revoked").GetArrayLength()));
        Assert.Equal(first.With(second).Place, second.With(first).Place);
    }

    [Fact]
    public void It_stays_short_and_names_what_is_no_session()
    {
        var service = new Revocation(7, Now) { Subject = new string('\u4e16', UnicodeText.LongestLine), SecurityStamp = 3, Before = Now };
        var extender = new Revocation(7, Now) { ExtendedBy = service.Subject, Before = Now };
        var receipt = ReceiptOf(7, sessions: 500).With(new RevocationReceipt(Now, Now, new CommitPlace("epoch", 7), [service, extender]));

        var text = receipt.ToJson("https://auth.example.com", Now);

        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, 2_200); // with header and signature this is 4 KB in base64url
        var revoked = JsonElement.Parse(text).GetProperty("revoked");
        Assert.Equal(service.Subject, revoked[0].GetProperty("sub").GetString());
        Assert.Equal(service.Subject, revoked[1].GetProperty("extendedBy").GetString());
        Assert.Equal(500, JsonElement.Parse(text).GetProperty("sessions").GetInt32());
        Assert.Equal(10, JsonElement.Parse(ReceiptOf(7, sessions: 500).ToJson("issuer", Now)).GetProperty("revoked").GetArrayLength());
    }

    private static long? After(double? seconds) => seconds is { } s ? UnixMicroseconds.From(Now.AddSeconds(s)) : null;

    private static RevocationReceipt ReceiptOf(long position, int sessions) => new(
        Now,
        Now,
        new CommitPlace("epoch", position),
        [.. Enumerable.Range(0, sessions).Select(_ => new Revocation(position, Now) { SessionId = Guid.NewGuid() })])
    {
        Sessions = sessions,
    };
}
