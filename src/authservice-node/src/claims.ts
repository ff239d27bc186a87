import type { JWTPayload } from 'jose';
import { InvalidTokenError } from './errors.js';
import { hasScope } from './scopes.js';

/** The claims of an access token under their own names (src/AuthService/README.md#access-tokens). Claims that are not listed here are kept too. */
export interface Claims {
  readonly iss: string;
  /** The id of the person or service that the call is made for. */
  readonly sub: string;
  /** The scopes of the token. */
  readonly aud: readonly string[];
  /** When the token was issued, in seconds since 1970. */
  readonly iat: number;
  /** When the token expires, in seconds since 1970. */
  readonly exp: number;
  /**
   * The role; absent if the token was extended or does not hold `all:write`, because a narrowed token of an administrator must not act as one.
   */
  readonly role?: 'USER' | 'ADMIN' | 'SERVICE' | 'PROVIDER';
  readonly principalType?: 'password' | 'service' | 'provider';
  /** The service that extended the token last; absent when none did. */
  readonly extendedBy?: string;
  /** The services that extended the token, the first one first. */
  readonly extendedByChain: readonly string[];
  /** The id of the session; absent without one. */
  readonly sid?: string;
  /** The administrator who impersonates the subject; absent otherwise. */
  readonly act?: { readonly sub: string };
  /** The id of a one-time token. The verifier has claimed it. */
  readonly jti?: string;
  /** When the person last proved who they are, in seconds since 1970; absent when no person signed in. */
  readonly auth_time?: number;
  /** How the person did so, in the values of RFC 8176: pwd, otp, mfa. */
  readonly amr?: readonly string[];
  readonly firstNames?: string;
  readonly lastName?: string;
  readonly email?: string;
  readonly orgId?: string;
  readonly twoFactorAuthentication?: boolean;
  readonly serviceLicenseAgreement?: boolean;
  /** The client that got the token at the token endpoint. */
  readonly client_id?: string;
  readonly [claim: string]: unknown;
}

/**
 * Reads the claims of a token whose signature, issuer and lifetime are right.
 * @throws {InvalidTokenError} A claim that matters here is missing or of a wrong type.
 */
export function readClaims(payload: JWTPayload): Claims {
  const { sub, iat, exp, aud, sid, jti } = payload;
  if (typeof sub !== 'string' || sub === '')
    throw new InvalidTokenError('The token has no subject');
  if (typeof iat !== 'number' || typeof exp !== 'number')
    throw new InvalidTokenError('The token does not say when it was issued and expires');
  if ((sid !== undefined && typeof sid !== 'string') || (jti !== undefined && (typeof jti !== 'string' || jti === '')))
    throw new InvalidTokenError('The token\'s session or jti is no text');
  const claims = { ...payload, sub, iat, exp, aud: readTexts(aud), extendedByChain: readTexts(payload['extendedByChain']) };
  return isWhole(claims) ? claims as unknown as Claims : without(claims, 'role') as unknown as Claims;
}

function readTexts(value: unknown): string[] {
  if (value === undefined)
    return [];
  const texts = Array.isArray(value) ? value : [value];
  if (!texts.every(text => typeof text === 'string'))
    throw new InvalidTokenError('The token\'s scopes or its chain are no texts');
  return texts;
}

/** Returns whether the token has all of its principal's authority. */
function isWhole(claims: JWTPayload & { aud: string[]; extendedByChain: string[] }): boolean {
  return claims['extendedBy'] === undefined && claims.extendedByChain.length === 0 && hasScope(claims, 'all:write');
}

function without<T extends object>(claims: T, name: string): T {
  return Object.fromEntries(Object.entries(claims).filter(([claim]) => claim !== name)) as T;
}
