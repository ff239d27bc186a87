using System.Collections.Concurrent;

namespace AuthService.Client.Revocations;

/// <summary>
/// Revocations by what they name, so that a token costs a look-up or two however many there are, and about 100 bytes each. One writes, all read without a
/// lock. Of several that name the same the widest is kept, as one: the tokens of the others are among those of the latest.
/// </summary>
internal sealed class RevocationSet
{
    private readonly ConcurrentDictionary<Guid, double> _sessions = new();
    private readonly ConcurrentDictionary<(Guid SessionId, string Subject), IdentityEnd> _identities = new();
    private readonly ConcurrentDictionary<string, PrincipalUpdate> _principals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, double> _apiKeys = new();
    private readonly ConcurrentDictionary<string, IdentityEnd> _extenders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, double> _tokens = new();
    private volatile bool _hasTokens;
    private volatile int _count;

    /// <summary>How many different ones there are.</summary>
    public int Count => _count;

    public bool Refuses(in CheckedToken token)
    {
        if (token.HasSession)
        {
            if (_sessions.ContainsKey(token.SessionId))
                return true;
            if (_identities.TryGetValue((token.SessionId, token.Subject), out var identity) && token.IssuedAt < identity.Before)
                return true;
        }
        else if (_principals.TryGetValue(token.Subject, out var principal) && principal.Refuses(token))
        {
            return true;
        }

        if (token.ApiKeyId is { } key && _apiKeys.ContainsKey(key))
            return true;
        return RefusesExtended(token) || (_hasTokens && token.MayBeRevokedAlone && _tokens.ContainsKey(TokenKey.Of(token.Text)));
    }

    /// <returns>How many of them were of a kind that is not known here.</returns>
    public int Add(IEnumerable<Revocation?> revocations)
    {
        var unknown = revocations.Count(revocation => revocation is null || !TryAdd(revocation));
        Recount();
        return unknown;
    }

    /// <summary>Drops what refuses only tokens that expired before this moment, in seconds since 1970.</summary>
    public void Forget(double moment)
    {
        Forget(_sessions, until => until, moment);
        Forget(_identities, identity => identity.Until, moment);
        Forget(_principals, principal => principal.Until, moment);
        Forget(_apiKeys, until => until, moment);
        Forget(_extenders, extender => extender.Until, moment);
        Forget(_tokens, until => until, moment);
        Recount();
    }

    private bool RefusesExtended(in CheckedToken token)
    {
        foreach (var id in token.ExtendedByChain ?? [])
        {
            if (_extenders.TryGetValue(id, out var extender) && token.IssuedAt < extender.Before)
                return true;
        }

        return false;
    }

    private bool TryAdd(Revocation revocation)
    {
        var until = revocation.Until;
        switch (revocation)
        {
            case { ExtendedBy: { } id, Sid: null, Sub: null, Before: { } before, SecurityStamp: null, ApiKeyId: null, TokenHash: null }:
                var extender = _extenders.GetValueOrDefault(id);
                _extenders[id] = new(Math.Max(before, extender.Before), Math.Max(until, extender.Until));
                return true;
            case { ExtendedBy: not null }:
                return false;
            case { Sid: { } session, Sub: null, Before: null, SecurityStamp: null, ApiKeyId: null, TokenHash: null }:
                Extend(_sessions, session, until);
                return true;
            case { Sid: { } session, Sub: { } subject, Before: { } before, SecurityStamp: null, ApiKeyId: null, TokenHash: null }:
                var identity = _identities.GetValueOrDefault((session, subject));
                _identities[(session, subject)] = new(Math.Max(before, identity.Before), Math.Max(until, identity.Until));
                return true;
            case { Sid: null, Sub: { } subject, Before: { } before, SecurityStamp: { } stamp, ApiKeyId: null, TokenHash: null }:
                var principal = _principals.GetValueOrDefault(subject);
                _principals[subject] = new(Math.Max(stamp, principal.Stamp), Math.Max(before, principal.Before), Math.Max(until, principal.Until));
                return true;
            case { Sid: null, Sub: null, Before: null, SecurityStamp: null, ApiKeyId: { } key, TokenHash: null }:
                Extend(_apiKeys, key, until);
                return true;
            case { Sid: null, Sub: null, Before: null, SecurityStamp: null, ApiKeyId: null, TokenHash: { } hash }
                when TokenKey.OfFingerprint(hash) is { } token:
                Extend(_tokens, token, until);
                _hasTokens = true;
                return true;
            default:
                return false;
        }
    }

    private void Recount()
    {
        _hasTokens = !_tokens.IsEmpty;
        _count = _sessions.Count + _identities.Count + _principals.Count + _apiKeys.Count + _extenders.Count + _tokens.Count;
    }

    private static void Extend(ConcurrentDictionary<Guid, double> untilOf, Guid key, double until) =>
        untilOf[key] = Math.Max(until, untilOf.GetValueOrDefault(key));

    private static void Forget<TKey, TValue>(ConcurrentDictionary<TKey, TValue> entries, Func<TValue, double> untilOf, double moment)
        where TKey : notnull
    {
        foreach (var entry in entries)
        {
            if (untilOf(entry.Value) < moment)
                entries.TryRemove(entry.Key, out _);
        }
    }

    /// <summary>A session goes on as somebody else, or as its own principal again; somebody who narrowed tokens may do so no more.</summary>
    private readonly record struct IdentityEnd(double Before, double Until);

    /// <summary>A principal's tokens without a session end with their password, role or state.</summary>
    private readonly record struct PrincipalUpdate(long Stamp, double Before, double Until)
    {
        /// <summary>The stamp tells to the exact change; <c>iat</c> only to the second.</summary>
        public bool Refuses(in CheckedToken token) => token.SecurityStamp is { } stamp ? stamp < Stamp : token.IssuedAt < Before;
    }
}
