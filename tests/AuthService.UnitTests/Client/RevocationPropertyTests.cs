extern alias package;

using System.Buffers.Text;
using AuthService.Tokens;
using FsCheck;
using FsCheck.Fluent;
using package::AuthService.Client.Revocations;
using Xunit;

namespace AuthService.UnitTests.Client;

/// <summary>The set refuses a token exactly if the contract refuses it by one of the entries.</summary>
public sealed class RevocationPropertyTests
{
    private static readonly Guid[] Ids = [.. Enumerable.Range(1, 4).Select(i => new Guid(i, 0, 0x7000, new byte[8]))];
    private static readonly string[] Subjects = ["ada", "eve", "_svc"];
    private static readonly string[] Texts = ["a.b.AAAA", "a.b.BBBB", "a.c.AAAA"];

    /// <summary>Generates entries in which times and stamps rise together, as they do in the feed.</summary>
    private static readonly Gen<Revocation> Entries =
        from kind in Gen.Choose(0, 5)
        from id in Gen.Elements(Ids)
        from subject in Gen.Elements(Subjects)
        from moment in Gen.Choose(0, 8)
        from text in Gen.Elements(Texts)
        select kind switch
        {
            0 => new Revocation { Sid = id, Until = moment },
            1 => new Revocation { Sid = id, Sub = subject, Before = moment + 0.5, Until = moment },
            2 => new Revocation { Sub = subject, Before = moment + 0.5, SecurityStamp = moment, Until = moment },
            3 => new Revocation { ApiKeyId = id, Until = moment },
            4 => new Revocation { ExtendedBy = subject, Before = moment + 0.5, Until = moment },
            _ => new Revocation { TokenHash = HashOf(text), Until = moment },
        };

    private static readonly Gen<CheckedToken> Tokens =
        from text in Gen.Elements(Texts)
        from subject in Gen.Elements(Subjects)
        from issuedAt in Gen.Choose(0, 9)
        from session in Gen.Elements([null, .. Ids.Select(id => (Guid?)id)])
        from stamp in Gen.Elements([null, 0, 3, 6, (long?)9])
        from key in Gen.Elements([null, Ids[0], (Guid?)Ids[1]])
        from chain in Gen.Elements<string[]?>(null, ["_svc"], ["eve", "_svc"])
        from once in Gen.Elements(false, true)
        select new CheckedToken(text, subject, issuedAt, session is not null, session ?? default, session is null ? stamp : null, key, chain, once);

    [Fact]
    public void A_token_is_refused_when_an_entry_names_it_and_only_then() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Entries.ListOf().ToArbitrary(), Tokens.ToArbitrary(), (entries, token) =>
        {
            var set = new RevocationSet();
            set.Add(entries);
            return set.Refuses(token) == entries.Any(entry => Names(entry, token));
        }));

    [Fact]
    public void No_entry_refuses_another_session_s_tokens() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Entries.ListOf().ToArbitrary(), Tokens.ToArbitrary(), (entries, token) =>
        {
            var set = new RevocationSet();
            set.Add(entries.Where(entry => entry.Sid is { } session && session != token.SessionId));
            return !set.Refuses(token);
        }));

    [Fact]
    public void What_is_forgotten_is_what_has_ended() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(Entries.ListOf().ToArbitrary(), Tokens.ToArbitrary(), Gen.Choose(0, 9).ToArbitrary(), (entries, token, moment) =>
        {
            var set = new RevocationSet();
            set.Add(entries);
            set.Forget(moment);
            return !entries.Any(entry => entry.Until >= moment && Names(entry, token)) || set.Refuses(token);
        }));

    /// <summary>Repeats the rule of the contract for one entry.</summary>
    private static bool Names(Revocation entry, CheckedToken token) => entry switch
    {
        { Sid: { } session, Sub: null } => token.HasSession && token.SessionId == session,
        { Sid: { } session } => token.HasSession && token.SessionId == session && token.Subject == entry.Sub && token.IssuedAt < entry.Before,
        { Sub: { } subject } => !token.HasSession && token.Subject == subject
            && (token.SecurityStamp is { } stamp ? stamp < entry.SecurityStamp : token.IssuedAt < entry.Before),
        { ApiKeyId: { } key } => token.ApiKeyId == key,
        { ExtendedBy: { } id } => token.ExtendedByChain?.Contains(id, StringComparer.Ordinal) is true && token.IssuedAt < entry.Before,
        _ => entry.TokenHash == HashOf(token.Text) && (!token.HasSession || token.IsForOneUse || token.ExtendedByChain is not null),
    };

    private static string HashOf(string text) => Base64Url.EncodeToString(TokenFingerprint.Of(text));
}
