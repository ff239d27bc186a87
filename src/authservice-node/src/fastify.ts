import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bearerOf } from './bearer.js';
import type { Claims } from './claims.js';
import type { Verifier } from './verifier.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, where `fastifyAuth` has checked the token. */
    auth: Claims | null;
  }
}

export interface FastifyAuthOptions {
  readonly verifier: Verifier;
  /** Each must be covered by the token, for example `files.upload:write`. */
  readonly scopes?: readonly string[];
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/**
 * Lets only requests through whose token holds and covers the scopes, in the context where it is registered and those below it, and puts the claims into
 * `request.auth`. Otherwise it answers 401, 403 or 503.
 * @throws {TypeError} A scope is malformed.
 */
export async function fastifyAuth(fastify: FastifyInstance, options: FastifyAuthOptions): Promise<void> {
  if (!fastify.hasRequestDecorator('auth'))
    fastify.decorateRequest('auth', null);
  fastify.addHook('onRequest', requireScopes(options.verifier, options.scopes));
}

/**
 * The same as the `onRequest` of one route.
 * @throws {TypeError} A scope is malformed.
 */
export function requireScopes(verifier: Verifier, scopes: readonly string[] = []): Hook {
  const authenticate = bearerOf(verifier, scopes);
  return async (request, reply) => {
    const outcome = await authenticate(request.raw);
    if ('refusal' in outcome)
      return reply.code(outcome.refusal.status).headers(outcome.refusal.headers).send();
    request.auth = outcome.claims;
    return undefined;
  };
}

/** Fastify's own way to say that the hook belongs to the context that registers it, and not to one of its own. */
Object.assign(fastifyAuth, { [Symbol.for('skip-override')]: true });
