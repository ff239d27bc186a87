import { readClaims, type Identity } from './claims.js';
import type { Moment, Stopwatch } from './stopwatch.js';

/** The tokens as the service sends them. */
export interface Tokens {
  readonly accessToken: string;
  /** It also identifies the session: the service derives it from the refresh token, which no script can read. */
  readonly csrfToken: string;
}

/** An access token and its age. Times are milliseconds. */
export interface Grant extends Tokens {
  readonly identity: Identity;
  /** The time since the token was requested. */
  age(): number;
  remaining(): number;
  /** Whether the token is valid long enough for a call that begins now. */
  isUsable(): boolean;
  /** Whether the token does not need to be renewed yet. */
  isFresh(): boolean;
}

const longestHeadStart = 60_000;
const longestFlight = 10_000;

/** @param asked A moment that is not later than the issue of the token. */
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

/** Returns whether both tokens belong to one person or to one session. An impersonation changes the person of a session. */
export const isOfSame = (one: Grant, other: Grant): boolean => one.identity.id === other.identity.id || one.csrfToken === other.csrfToken;

export function isTokens(value: unknown): value is Tokens {
  const tokens = value as Partial<Tokens> | null;
  return typeof tokens?.accessToken === 'string' && typeof tokens.csrfToken === 'string';
}
