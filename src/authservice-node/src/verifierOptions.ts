import type { Client, ClientOptions } from './client.js';
import { addressOf, checkAddress, checkNumber } from './options.js';
import type { Credential } from './serviceCredential.js';
import type { Log } from './surroundings.js';

export type Algorithm = 'ES256' | 'ES384' | 'RS256' | 'PS256';

/**
 * The treatment of a token while the knowledge of revocations is too old: `refuse` answers 503, `ask` asks AuthService about the token (503 when it does not
 * answer), `allow` accepts it.
 */
export type WhenStale = 'refuse' | 'ask' | 'allow';

/** How access tokens are checked. All times are seconds. */
export interface VerifierOptions {
  /** AuthService's setting `Jwt:Issuer`, exactly as in the claim `iss`. If it is not an address, `keysAddress` is required. */
  readonly issuer: string;
  /** The address of the public keys, for example inside a cluster. The default is `{issuer}/.well-known/jwks.json`. */
  readonly keysAddress?: string | URL;
  /** Refuses plain HTTP, except to this machine. The default is true. */
  readonly requireHttps?: boolean;
  /** The signature algorithms that are accepted. The default is all four. Tokens signed with HS512 cannot be checked offline. */
  readonly algorithms?: readonly Algorithm[];
  /** How far the clocks may differ: 0 to 30. The default is 30. */
  readonly clockSkew?: number;
  /** After how long the keys are fetched again. The default is 300. When that fails the old ones are used for a day. */
  readonly keysLifetime?: number;
  /** The shortest time between a fetch of the keys and another one for a token with an unknown key: at least 1. The default is 10. */
  readonly unknownKeyInterval?: number;
  /** The client that claims one-time tokens. Without it, and without `revocation`, they are refused. */
  readonly client?: Client;
  /** Settings for refusing revoked tokens before they expire. Without them a token is accepted until it expires. */
  readonly revocation?: RevocationOptions;
  /** Receives log messages. The default is `console`. */
  readonly log?: Log;
}

/** How revoked tokens are refused before they expire. AuthService's revocation feed is read by long polls, one after the other, and held in memory. */
export interface RevocationOptions {
  /** The address of AuthService, with its path if it has one. */
  readonly address: string | URL;
  /** The credential for reading the feed, for asking about tokens and, without `client`, for claiming one-time tokens. */
  readonly credential: Credential;
  /**
   * How old the knowledge may be. The default is 60. It must be more than `wait`, because while nothing is revoked there is one answer in each `wait`. Before
   * the first complete answer the knowledge counts as too old.
   */
  readonly maxStaleness?: number;
  /**
   * The treatment of tokens when the knowledge is older. The default is `ask`: no revoked token passes, and people can go on while AuthService answers at all.
   */
  readonly whenStale?: WhenStale;
  /** How long AuthService may hold a poll while there is nothing new: a whole number from 1 to 30. The default is 10. */
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

/** @throws {TypeError} The options would let no token, or too many tokens, be accepted. */
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
