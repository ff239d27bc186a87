import type { IncomingMessage, ServerResponse } from 'node:http';
import { bearerOf } from './bearer.js';
import type { Claims } from './claims.js';
import type { Verifier } from './verifier.js';

declare global {
  namespace Express {
    interface Request {
      /** Who calls, where `expressAuth` has checked the token. */
      auth?: Claims;
    }
  }
}

export interface ExpressAuthOptions {
  /** Each must be covered by the token, for example `files.upload:write`. */
  readonly scopes?: readonly string[];
}

export type ExpressMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * Lets only requests through whose token holds and covers the scopes, and puts its claims into `req.auth`. Otherwise it answers 401, 403 or 503.
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
