import type { Claims } from './claims.js';
import { keyOfFingerprint, keyOfToken } from './tokenFingerprint.js';

/** The end of an impersonation, after which the session has another principal; or of a service's right to narrow tokens. */
interface IdentityEnd {
  readonly before: number;
  readonly until: number;
}

/** A change of a principal's password, role or state, which ends their tokens without a session. */
interface PrincipalUpdate extends IdentityEnd {
  readonly stamp: number;
}

/**
 * Holds revocations by what they name, so that a token costs one or two look-ups, however many there are. Each takes about 100 bytes. Of several revocations
 * with the same name the widest is kept, because it covers the tokens of the others. Times are seconds since 1970.
 */
export class RevocationSet {
  private readonly sessions = new Map<string, number>();
  private readonly identities = new Map<string, IdentityEnd>();
  private readonly principals = new Map<string, PrincipalUpdate>();
  private readonly apiKeys = new Map<string, number>();
  private readonly extenders = new Map<string, IdentityEnd>();
  private readonly tokens = new Map<string, number>();

  /** The number of different revocations. */
  get size(): number {
    return this.sessions.size + this.identities.size + this.principals.size + this.apiKeys.size + this.extenders.size + this.tokens.size;
  }

  /**
   * Returns whether a revocation names the token.
   * @param claims The claims of a token whose signature, issuer and lifetime are right.
   * @param token The whole token.
   */
  refuses(claims: Claims, token: string): boolean {
    const { sid, sub, iat } = claims;
    if (sid !== undefined) {
      const session = sid.toLowerCase();
      const identity = this.identities.get(identityKey(session, sub));
      if (this.sessions.has(session) || (identity !== undefined && iat < identity.before))
        return true;
    }
    else if (this.refusesPrincipal(claims)) {
      return true;
    }
    const key = claims['apiKeyId'];
    if (typeof key === 'string' && this.apiKeys.has(key.toLowerCase()))
      return true;
    if (claims.extendedByChain.some(id => iat < (this.extenders.get(id)?.before ?? -Infinity)))
      return true;
    return this.tokens.size > 0 && mayBeRevokedAlone(claims) && this.tokens.has(keyOfToken(token));
  }

  /**
   * Adds an entry of the feed. Its known members say what it revokes. Other members are ignored.
   * @returns False when the entry is of an unknown kind.
   */
  add(entry: unknown): boolean {
    const { sid, sub, before, securityStamp, apiKeyId, tokenHash, extendedBy, until } = (entry ?? {}) as Record<string, unknown>;
    if (typeof until !== 'number')
      return false;
    const has = [sid, sub, before, securityStamp, apiKeyId, tokenHash, extendedBy]
      .map(member => member === undefined || member === null ? '-' : typeof member).join(' ');
    switch (has) {
      case 'string - - - - - -':
        return extend(this.sessions, (sid as string).toLowerCase(), until);
      case 'string string number - - - -':
        return addEnd(this.identities, identityKey((sid as string).toLowerCase(), sub as string), before as number, until);
      case '- string number number - - -':
        return this.addPrincipal(sub as string, securityStamp as number, before as number, until);
      case '- - - - string - -':
        return extend(this.apiKeys, (apiKeyId as string).toLowerCase(), until);
      case '- - - - - string -':
        return extend(this.tokens, keyOfFingerprint(tokenHash as string), until);
      case '- - number - - - string':
        return addEnd(this.extenders, extendedBy as string, before as number, until);
      default:
        return false;
    }
  }

  /** Drops the revocations whose tokens have all expired before this moment. */
  forget(moment: number): void {
    for (const kind of [this.sessions, this.apiKeys, this.tokens])
      drop(kind, until => until, moment);
    for (const kind of [this.identities, this.extenders])
      drop(kind, ({ until }) => until, moment);
    drop(this.principals, ({ until }) => until, moment);
  }

  /** The stamp is exact; `iat` has a precision of a second. */
  private refusesPrincipal({ sub, iat, securityStamp }: Claims): boolean {
    const change = this.principals.get(sub);
    return change !== undefined && (typeof securityStamp === 'number' ? securityStamp < change.stamp : iat < change.before);
  }

  private addPrincipal(sub: string, stamp: number, before: number, until: number): boolean {
    const known = this.principals.get(sub);
    this.principals.set(sub, {
      stamp: Math.max(stamp, known?.stamp ?? stamp),
      before: Math.max(before, known?.before ?? 0),
      until: Math.max(until, known?.until ?? 0),
    });
    return true;
  }
}

/** The space is unambiguous, because a session's id has none. */
function identityKey(sid: string, sub: string): string {
  return `${sid} ${sub}`;
}

/** Returns whether the token can be revoked by itself. Other tokens are revoked with their session, and need no hash. */
function mayBeRevokedAlone({ sid, jti, extendedByChain }: Claims): boolean {
  return sid === undefined || jti !== undefined || extendedByChain.length > 0;
}

function addEnd(endOf: Map<string, IdentityEnd>, key: string, before: number, until: number): boolean {
  const known = endOf.get(key);
  endOf.set(key, { before: Math.max(before, known?.before ?? 0), until: Math.max(until, known?.until ?? 0) });
  return true;
}

/** Keeps whole seconds, because small integers take no memory of their own. */
function extend(untilOf: Map<string, number>, key: string | null, until: number): boolean {
  if (key === null)
    return false;
  untilOf.set(key, Math.max(Math.ceil(until), untilOf.get(key) ?? 0));
  return true;
}

function drop<T>(entries: Map<string, T>, untilOf: (entry: T) => number, moment: number): void {
  for (const [key, entry] of entries) {
    if (untilOf(entry) < moment)
      entries.delete(key);
  }
}
