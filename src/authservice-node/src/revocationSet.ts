import type { Claims } from './claims.js';
import { keyOfFingerprint, keyOfToken } from './tokenFingerprint.js';

/** A session goes on as somebody else, or as its own principal again; somebody who narrowed tokens may do so no more. */
interface IdentityEnd {
  readonly before: number;
  readonly until: number;
}

/** A principal's tokens without a session end with their password, role or state. */
interface PrincipalUpdate extends IdentityEnd {
  readonly stamp: number;
}

/**
 * Revocations by what they name, so that a token costs a look-up or two however many there are, and about 100 bytes each. Of several that name the same the
 * widest is kept, as one: the tokens of the others are among those of the latest. Times are seconds since 1970.
 */
export class RevocationSet {
  private readonly sessions = new Map<string, number>();
  private readonly identities = new Map<string, IdentityEnd>();
  private readonly principals = new Map<string, PrincipalUpdate>();
  private readonly apiKeys = new Map<string, number>();
  private readonly extenders = new Map<string, IdentityEnd>();
  private readonly tokens = new Map<string, number>();

  /** How many different ones there are. */
  get size(): number {
    return this.sessions.size + this.identities.size + this.principals.size + this.apiKeys.size + this.extenders.size + this.tokens.size;
  }

  /**
   * @param claims Of a token whose signature, issuer and lifetime are right.
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
   * Which of the members that are known here an entry has says what it revokes; others are passed over.
   * @returns False when it is of a kind that is not known here.
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

  /** Drops what refuses only tokens that expired before this moment. */
  forget(moment: number): void {
    for (const kind of [this.sessions, this.apiKeys, this.tokens])
      drop(kind, until => until, moment);
    for (const kind of [this.identities, this.extenders])
      drop(kind, ({ until }) => until, moment);
    drop(this.principals, ({ until }) => until, moment);
  }

  /** The stamp tells to the exact change; `iat` only to the second. */
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

/** A session's id has no spaces. */
function identityKey(sid: string, sub: string): string {
  return `${sid} ${sub}`;
}

/** Only such tokens are revoked one by one; the others go with their session, and need no hash. */
function mayBeRevokedAlone({ sid, jti, extendedByChain }: Claims): boolean {
  return sid === undefined || jti !== undefined || extendedByChain.length > 0;
}

function addEnd(endOf: Map<string, IdentityEnd>, key: string, before: number, until: number): boolean {
  const known = endOf.get(key);
  endOf.set(key, { before: Math.max(before, known?.before ?? 0), until: Math.max(until, known?.until ?? 0) });
  return true;
}

/** In whole seconds, which take no memory of their own. */
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
