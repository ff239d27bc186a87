using System.Collections.Concurrent;

namespace AuthService.Client.Revocations;

/// <summary>
/// Holds revocations by what they name, so that a token costs one or two look-ups, however many there are. Each takes about 100 bytes. One thread writes, and
/// all read without a lock. Of several revocations with the same name the widest is kept, because it covers the tokens of the others.
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

    /// <summary>The number of different revocations.</summary>
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

    /// <summary>Adds entries of the feed.</summary>
    /// <returns>The number of entries of an unknown kind.</returns>
    public int Add(IEnumerable<Revocation?> revocations)
    {
        var unknown = revocations.Count(revocation => revocation is null || !TryAdd(revocation));
        Recount();
        return unknown;
    }

    /// <summary>Drops the revocations whose tokens have all expired before this moment, in seconds since 1970.</summary>
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

    /// <summary>The end of an impersonation, after which the session has another principal; or of a service's right to narrow tokens.</summary>
    private readonly record struct IdentityEnd(double Before, double Until);

    /// <summary>A change of a principal's password, role or state, which ends their tokens without a session.</summary>
    private readonly record struct PrincipalUpdate(long Stamp, double Before, double Until)
    {
        /// <summary>Compares the stamp, which is exact; <c>iat</c> has a precision of a second.</summary>
        public bool Refuses(in CheckedToken token) => token.SecurityStamp is { } stamp ? stamp < Stamp : token.IssuedAt < Before;
    }
}
