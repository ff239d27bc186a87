import { decodeJwt, decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose';
import { readClaims, type Claims } from './claims.js';
import { InvalidTokenError } from './errors.js';
import type { PublishedKey, PublishedKeys } from './publishedKeys.js';
import type { Surroundings } from './surroundings.js';

/** The longest token that AuthService writes, in characters. */
const LONGEST_TOKEN = 8192;

/** The type of access tokens (RFC 9068), so that no other kind of JWT is accepted as one. */
const TOKEN_TYPE = 'at+jwt';

/** The type of one-time tokens (RFC 8725, section 3.11). The verifier claims their `jti`. */
const ONE_TIME_TOKEN_TYPE = 'one-time+jwt';

export interface AccessTokensOptions {
  readonly issuer: string;
  readonly algorithms: readonly string[];
  /** In seconds. */
  readonly clockSkew: number;
}

/**
 * Checks access tokens offline (RFC 8725). The key is chosen by `kid` among the published ones and used with its own algorithm only. Nothing else in the header
 * is believed.
 */
export class AccessTokens {
  constructor(private readonly keys: PublishedKeys, private readonly options: AccessTokensOptions, private readonly surroundings: Surroundings) {}

  /**
   * @throws {InvalidTokenError} The token is not valid.
   * @throws {KeysUnavailableError} The token cannot be checked at this moment.
   */
  async check(token: string): Promise<Claims> {
    if (typeof token !== 'string' || token.length > LONGEST_TOKEN)
      throw new InvalidTokenError('The token is too long, or no text');
    const { keyId, type } = this.readHeader(token);
    const key = await this.keys.find(keyId);
    if (key === null)
      throw new InvalidTokenError('The token\'s key is not published');
    const claims = readClaims(await this.verify(token, key));
    if (type === ONE_TIME_TOKEN_TYPE && claims.jti === undefined)
      throw new InvalidTokenError('The one-time token has no jti');
    return claims;
  }

  /** Comes before the search for a key, so that tokens of other issuers cause no fetch. */
  private readHeader(token: string): { keyId: string; type: string } {
    const { alg, kid, typ, crit, issuer } = decode(token);
    if (issuer !== this.options.issuer || typeof alg !== 'string' || !this.options.algorithms.includes(alg) || typeof kid !== 'string' || kid === '')
      throw new InvalidTokenError('The token is not one of AuthService\'s');
    if (crit !== undefined)
      throw new InvalidTokenError('The token asks for an extension of JWS');
    if (typ !== TOKEN_TYPE && typ !== ONE_TIME_TOKEN_TYPE)
      throw new InvalidTokenError('The token is no access token');
    return { keyId: kid, type: typ };
  }

  private async verify(token: string, { key, algorithm }: PublishedKey): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [algorithm],
        issuer: this.options.issuer,
        requiredClaims: ['exp', 'iat', 'sub'],
        clockTolerance: this.options.clockSkew,
        currentDate: new Date(this.surroundings.now()),
      });
      return payload;
    }
    catch (error) {
      throw new InvalidTokenError(`The token does not hold: ${(error as Error).message}`, { cause: error });
    }
  }
}

function decode(token: string): { alg: unknown; kid: unknown; typ: unknown; crit: unknown; issuer: unknown } {
  try {
    const { alg, kid, typ, crit } = decodeProtectedHeader(token) as Record<string, unknown>;
    return { alg, kid, typ, crit, issuer: decodeJwt(token).iss };
  }
  catch (error) {
    throw new InvalidTokenError('The token is no JWT', { cause: error });
  }
}
