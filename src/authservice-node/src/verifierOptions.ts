import type { Client, ClientOptions } from './client.js';
import { addressOf, checkAddress, checkNumber } from './options.js';
import type { Credential } from './serviceCredential.js';
import type { Log } from './surroundings.js';

export type Algorithm = 'ES256' | 'ES384' | 'RS256' | 'PS256';

/**
 * What happens to a token while it is not known whether it was revoked: `refuse` answers 503, `ask` asks AuthService about that one token (503 when it does not
 * answer), `allow` takes it.
 */
export type WhenStale = 'refuse' | 'ask' | 'allow';

/** How access tokens are checked. All times are seconds. */
export interface VerifierOptions {
  /** AuthService's setting `Jwt:Issuer`, exactly as in the claim `iss`. Where it is no address, `keysAddress` is required. */
  readonly issuer: string;
  /** Where the public keys are fetched: `{issuer}/.well-known/jwks.json` unless it is set, for example to an address inside a cluster. */
  readonly keysAddress?: string | URL;
  /** Refuses plain HTTP, except to this machine: true unless it is set. */
  readonly requireHttps?: boolean;
  /** The signature algorithms that are taken; all four unless fewer are set. Tokens signed with HS512 cannot be checked offline. */
  readonly algorithms?: readonly Algorithm[];
  /** How far the clocks may differ: 0 to 30, 30 unless it is set. */
  readonly clockSkew?: number;
  /** After how long the keys are fetched anew: 300 unless it is set. When that fails the old ones are used for a day. */
  readonly keysLifetime?: number;
  /** How long after one fetch of the keys a token with an unknown key makes for another one at the earliest: 10 unless it is set, at least 1. */
  readonly unknownKeyInterval?: number;
  /** Claims one-time tokens. Without it, and without `revocation`, they are refused. */
  readonly client?: Client;
  /** Refuses revoked tokens before they expire. */
  readonly revocation?: RevocationOptions;
  /** Is told what happens behind the calls: `console` unless it is set. */
  readonly log?: Log;
}

/** How revoked tokens are refused before they expire: AuthService's revocation feed is read by one long poll after the other and held in memory. */
export interface RevocationOptions {
  /** Where AuthService is, with a path where it is under one. */
  readonly address: string | URL;
  /** As whom the feed is read, a token is asked about and, without `client`, a one-time token is claimed. */
  readonly credential: Credential;
  /**
   * How old the knowledge may be: 60 unless it is set, more than `wait`, because while nothing is revoked there is one answer in each `wait`. Until the first
   * complete answer it is too old as well.
   */
  readonly maxStaleness?: number;
  /**
   * What happens when it is older: `ask` unless it is set. No revoked token passes, and whoever is signed in works on as long as AuthService answers at all.
   */
  readonly whenStale?: WhenStale;
  /** How long AuthService may hold a poll while there is nothing to say: 10 unless it is set, 1 to 30, a whole number. */
  readonly wait?: number;
}

export interface CheckedOptions {
  readonly issuer: string;
  readonly keysAddress: URL;
  readonly algorithms: readonly string[];
  readonly clockSkew: number;
  readonly keysLifetime: number;
  readonly unknownKeyInterval: number;
  readonly revocation: CheckedRevocation | null;
}

export interface CheckedRevocation {
  readonly client: ClientOptions;
  readonly maxStaleness: number;
  readonly whenStale: WhenStale;
  readonly wait: number;
}

const ALGORITHMS: readonly string[] = ['ES256', 'ES384', 'RS256', 'PS256'];
const LONGEST_SKEW = 30;
const LONGEST_WAIT = 30;
const YEAR = 365 * 24 * 3600;

/** @throws {TypeError} Options by which no token could be checked, or too many would hold. */
export function checkOptions(options: VerifierOptions): CheckedOptions {
  const { issuer, requireHttps = true, algorithms = ALGORITHMS } = options;
  if (typeof issuer !== 'string' || issuer === '')
    throw new TypeError('issuer is missing');
  if (algorithms.length === 0 || !algorithms.every(algorithm => ALGORITHMS.includes(algorithm)))
    throw new TypeError(`algorithms: "${algorithms.join(', ')}" is not made of ES256, ES384, RS256 and PS256`);
  return {
    issuer,
    algorithms,
    keysAddress: options.keysAddress === undefined
      ? addressOf(checkAddress(issuer, requireHttps, 'issuer (without keysAddress)'), '.well-known/jwks.json')
      : checkAddress(options.keysAddress, requireHttps, 'keysAddress'),
    clockSkew: checkNumber(options.clockSkew ?? LONGEST_SKEW, 0, LONGEST_SKEW, 'clockSkew'),
    keysLifetime: checkNumber(options.keysLifetime ?? 300, 0.001, YEAR, 'keysLifetime'),
    unknownKeyInterval: checkNumber(options.unknownKeyInterval ?? 10, 1, YEAR, 'unknownKeyInterval'),
    revocation: options.revocation === undefined ? null : checkRevocation(options.revocation, requireHttps),
  };
}

function checkRevocation(revocation: RevocationOptions, requireHttps: boolean): CheckedRevocation {
  const { address, credential, maxStaleness = 60, whenStale = 'ask', wait = 10 } = revocation;
  if (!['refuse', 'ask', 'allow'].includes(whenStale))
    throw new TypeError(`revocation.whenStale: "${whenStale}" is not refuse, ask or allow`);
  if (!Number.isInteger(checkNumber(wait, 1, LONGEST_WAIT, 'revocation.wait')))
    throw new TypeError(`revocation.wait: ${wait} is no whole number`);
  if (checkNumber(maxStaleness, 0, YEAR, 'revocation.maxStaleness') <= wait)
    throw new TypeError(`revocation.maxStaleness: ${maxStaleness} is not more than wait, ${wait}`);
  return { client: { address, credential, requireHttps }, maxStaleness, whenStale, wait };
}
