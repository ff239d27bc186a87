import type { IncomingMessage } from 'node:http';
import type { Claims } from './claims.js';
import { TokenError, UncheckedTokenError } from './errors.js';
import { holdsAll } from './scopes.js';
import type { Verifier } from './verifier.js';

/** The answer to a request that is refused. */
export interface BearerRefusal {
  readonly status: 401 | 403 | 503;
  readonly headers: Readonly<Record<string, string>>;
}

export type BearerOutcome = { readonly claims: Claims } | { readonly refusal: BearerRefusal };

type BearerRequest = Pick<IncomingMessage, 'headers'>;

/** Matches the first `Authorization` header. Node.js may have joined several by commas. */
const BEARER = /^bearer +([^\s,]+)\s*(?:,|$)/i;

/** The checks of each request, so that a token is checked and claimed once even if several handlers need it. */
const checked = new WeakMap<BearerRequest, Map<Verifier, Promise<Claims>>>();

/**
 * Makes the function that the middlewares share (RFC 6750). It checks the token of a request, and that it covers every one of these scopes.
 * @throws {TypeError} A scope is malformed.
 */
export function bearerOf(verifier: Verifier, scopes: readonly string[] = []): (request: BearerRequest) => Promise<BearerOutcome> {
  const covers = holdsAll(scopes);
  return async request => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined)
      return { refusal: { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } } };
    try {
      const claims = await verifyOnce(verifier, request, token);
      return covers(claims) ? { claims } : { refusal: insufficientScope(scopes) };
    }
    catch (error) {
      return { refusal: refusalOf(error) };
    }
  };
}

function verifyOnce(verifier: Verifier, request: BearerRequest, token: string): Promise<Claims> {
  const ofRequest = checked.get(request) ?? new Map<Verifier, Promise<Claims>>();
  checked.set(request, ofRequest);
  const claims = ofRequest.get(verifier) ?? verifier.verify(token);
  ofRequest.set(verifier, claims);
  return claims;
}

function insufficientScope(scopes: readonly string[]): BearerRefusal {
  return { status: 403, headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"` } };
}

/** @throws Every error that is not a refusal of the package. The request is not handled then. */
function refusalOf(error: unknown): BearerRefusal {
  if (error instanceof UncheckedTokenError)
    return { status: error.status, headers: { 'Retry-After': `${error.retryAfter}` } };
  if (error instanceof TokenError)
    return { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } };
  throw error;
}
