import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bearerOf } from './bearer.js';
import type { Claims } from './claims.js';
import type { Verifier } from './verifier.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The claims of the caller's token, if `fastifyAuth` has checked it. */
    auth: Claims | null;
  }
}

export interface FastifyAuthOptions {
  readonly verifier: Verifier;
  /** The scopes that the token must cover, for example `files.upload:write`. */
  readonly scopes?: readonly string[];
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/**
 * Accepts only requests with a valid token that covers the scopes, and puts the claims into `request.auth`. It answers others with 401, 403 or 503. It is in
 * effect in the context that registers it and in those below.
 * @throws {TypeError} A scope is malformed.
 */
export async function fastifyAuth(fastify: FastifyInstance, options: FastifyAuthOptions): Promise<void> {
  if (!fastify.hasRequestDecorator('auth'))
    fastify.decorateRequest('auth', null);
  fastify.addHook('onRequest', requireScopes(options.verifier, options.scopes));
}

/**
 * Makes such a check for the `onRequest` of one route.
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

/** Fastify's symbol for a plugin whose hook belongs to the context that registers it, not to a new one. */
Object.assign(fastifyAuth, { [Symbol.for('skip-override')]: true });
