import type { AddressInfo } from 'node:net';
import { createServer, type RequestListener } from 'node:http';
import type { TestContext } from 'node:test';
import express from 'express';
import { fastify } from 'fastify';
import { expressAuth } from '../../src/express.js';
import { fastifyAuth, requireScopes } from '../../src/fastify.js';
import type { Verifier } from '../../src/index.js';

/** Starts a server with `/me`, which requires a token, and `/upload`, which requires files.upload:write too. Returns its address. */
export type StartServer = (verifier: Verifier, test: TestContext) => Promise<string>;

export const frameworks: Record<string, StartServer> = {
  Express: (verifier, test) => {
    const app = express();
    app.get('/open', (_, response) => void response.send('open'));
    app.use(expressAuth(verifier));
    app.get('/me', (request, response) => void response.json(request.auth));
    app.get('/upload', expressAuth(verifier, { scopes: ['files.upload:write'] }), (_, response) => void response.send('ok'));
    return listen(app, test);
  },
  Fastify: async (verifier, test) => {
    const app = fastify();
    app.get('/open', () => 'open');
    await app.register(async guarded => {
      await guarded.register(fastifyAuth, { verifier });
      guarded.get('/me', request => request.auth);
      guarded.get('/upload', { onRequest: requireScopes(verifier, ['files.upload:write']) }, () => 'ok');
    });
    await app.register(async other => {
      await other.register(fastifyAuth, { verifier, scopes: ['jobs:read'] });
      other.get('/jobs', () => 'ok');
    });
    test.after(() => app.close());
    return app.listen({ host: '127.0.0.1', port: 0 });
  },
};

async function listen(listener: RequestListener, test: TestContext): Promise<string> {
  const server = createServer({ joinDuplicateHeaders: true }, listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  test.after(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
