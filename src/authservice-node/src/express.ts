import type { IncomingMessage, ServerResponse } from 'node:http';
import { bearerOf } from './bearer.js';
import type { Claims } from './claims.js';
import type { Verifier } from './verifier.js';

declare global {
  namespace Express {
    interface Request {
      /** The claims of the caller's token, if `expressAuth` has checked it. */
      auth?: Claims;
    }
  }
}

export interface ExpressAuthOptions {
  /** The scopes that the token must cover, for example `files.upload:write`. */
  readonly scopes?: readonly string[];
}

export type ExpressMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * Makes a middleware that accepts only requests with a valid token that covers the scopes, and puts the claims into `req.auth`. It answers others with 401,
 * 403 or 503.
 * @throws {TypeError} A scope is malformed.
 */
export function expressAuth(verifier: Verifier, options: ExpressAuthOptions = {}): ExpressMiddleware {
  const authenticate = bearerOf(verifier, options.scopes);
  return (request, response, next) => {
    authenticate(request).then(outcome => {
      if ('refusal' in outcome) {
        response.writeHead(outcome.refusal.status, outcome.refusal.headers).end();
        return;
      }
      Object.assign(request, { auth: outcome.claims });
      next();
    }).catch(next);
  };
}
