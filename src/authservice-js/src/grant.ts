import { readClaims, type Identity } from './claims.js';
import type { Moment, Stopwatch } from './stopwatch.js';

/** The tokens as the service sends them. */
export interface Tokens {
  readonly accessToken: string;
  /** Also names the session: the service derives it from the refresh token that no script sees. */
  readonly csrfToken: string;
}

/** An access token in hand, and how it ages. Times are milliseconds. */
export interface Grant extends Tokens {
  readonly identity: Identity;
  /** Since it was asked for. */
  age(): number;
  remaining(): number;
  /** Good for a call that sets out now. */
  isUsable(): boolean;
  /** So good that nobody needs to think of the next one yet. */
  isFresh(): boolean;
}

const longestHeadStart = 60_000;
const longestFlight = 10_000;

/** @param asked No later than when the token was made. */
export function createGrant({ accessToken, csrfToken }: Tokens, asked: Moment, stopwatch: Stopwatch): Grant {
  const { identity, lifetime } = readClaims(accessToken);
  const age = (): number => stopwatch.since(asked);
  const remaining = (): number => lifetime - age();
  return {
    accessToken,
    csrfToken,
    identity,
    age,
    remaining,
    isUsable: () => remaining() > Math.min(longestFlight, lifetime / 10),
    isFresh: () => remaining() > Math.min(longestHeadStart, lifetime / 4),
  };
}

/** Whether both are of one person, or of one session, which an impersonation turns into somebody else's. */
export const isOfSame = (one: Grant, other: Grant): boolean => one.identity.id === other.identity.id || one.csrfToken === other.csrfToken;

export function isTokens(value: unknown): value is Tokens {
  const tokens = value as Partial<Tokens> | null;
  return typeof tokens?.accessToken === 'string' && typeof tokens.csrfToken === 'string';
}
