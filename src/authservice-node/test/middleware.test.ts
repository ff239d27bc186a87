import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { expressAuth } from '../src/express.js';
import { fastifyAuth } from '../src/fastify.js';
import type { Claims } from '../src/index.js';
import { frameworks } from './fakes/frameworks.js';
import { start } from './fakes/scene.js';

interface Answer {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

/** Sends a GET with these `Authorization` headers. */
function get(url: string, ...authorization: string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { headers: authorization.length === 0 ? {} : { Authorization: authorization } }, response => {
      void response.toArray().then(chunks => resolve({
        status: response.statusCode!,
        challenge: response.headers['www-authenticate'],
        retryAfter: response.headers['retry-after'],
        body: chunks.join(''),
      }));
    }).on('error', reject).end();
  });
}

for (const [name, startServer] of Object.entries(frameworks)) {
  test(`${name}: a handler sees who calls`, async test => {
    const { service, verifier } = await start(test);
    const at = await startServer(verifier(), test);
    const token = await service.token();
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer ']) {
      const answer = await get(`${at}/me`, `${scheme} ${token}`);
      assert.deepEqual([answer.status, (JSON.parse(answer.body) as Claims).sub], [200, 'ada']);
    }
    assert.equal((await get(`${at}/open`)).body, 'open');
  });

  test(`${name}: without a token, or with a wrong one, it is 401`, async test => {
    const { service, verifier } = await start(test);
    const at = await startServer(verifier(), test);
    const token = await service.token();
    for (const authorization of [[], [''], ['Bearer'], ['Bearer '], ['Basic YTpi'], [token], [`Basic YTpi, Bearer ${token}`], [`Bearer ${token} x`]]) {
      const answer = await get(`${at}/me`, ...authorization);
      assert.deepEqual([answer.status, answer.challenge, answer.body], [401, 'Bearer', ''], authorization[0]);
    }
    const wrong = await get(`${at}/me`, `Bearer ${token.slice(0, -4)}AAAA`);
    assert.deepEqual([wrong.status, wrong.challenge, wrong.body], [401, 'Bearer error="invalid_token"', '']);
    assert.equal((await get(`${at}/me?access_token=${token}`)).status, 401);
  });

  test(`${name}: only the first Authorization header counts`, async test => {
    const { service, verifier } = await start(test);
    const at = await startServer(verifier(), test);
    const [token, wrong] = [await service.token(), await service.token({ iss: 'other' })];
    assert.equal((await get(`${at}/me`, `Bearer ${token}`, `Bearer ${wrong}`)).status, 200);
    assert.equal((await get(`${at}/me`, `Bearer ${wrong}`, `Bearer ${token}`)).status, 401);
    assert.equal((await get(`${at}/me`, 'Basic YTpi', `Bearer ${token}`)).status, 401);
  });

  test(`${name}: without the scope it is 403`, async test => {
    const { service, verifier } = await start(test);
    const at = await startServer(verifier(), test);
    assert.equal((await get(`${at}/upload`, `Bearer ${await service.token({ aud: ['files:write'] })}`)).body, 'ok');
    const answer = await get(`${at}/upload`, `Bearer ${await service.token({ aud: ['files:read'] })}`);
    assert.deepEqual([answer.status, answer.challenge, answer.body], [403, 'Bearer error="insufficient_scope", scope="files.upload:write"', '']);
  });

  test(`${name}: what cannot be told is 503, and revoked tokens are 401`, async test => {
    const { service, reader } = await start(test);
    service.instead.set('/revocations', (_, response) => void response.destroy());
    const files = reader({ whenStale: 'refuse' });
    const at = await startServer(files, test);
    const token = await service.token({ sid: 'one' });
    const answer = await get(`${at}/me`, `Bearer ${token}`);
    assert.deepEqual([answer.status, answer.retryAfter, answer.challenge, answer.body], [503, '2', undefined, '']);

    service.instead.clear();
    service.feed.revoke({ sid: 'one', until: Date.now() / 1000 + 600 });
    await files.ready();
    const revoked = await get(`${at}/me`, `Bearer ${token}`);
    assert.deepEqual([revoked.status, revoked.challenge], [401, 'Bearer error="invalid_token"']);
  });

  test(`${name}: a one-time token is claimed once for a request that asks twice`, async test => {
    const { service, reader } = await start(test);
    const files = reader();
    await files.ready();
    const at = await startServer(files, test);
    const token = await service.oneTimeToken('jti');
    assert.deepEqual([(await get(`${at}/upload`, `Bearer ${token}`)).status, service.callsOf('/auth/claim')], [200, 1]);
    assert.equal((await get(`${at}/upload`, `Bearer ${token}`)).status, 401);
  });

  test(`${name}: an error that is none of the package's is 500, and nothing is handled`, async test => {
    const { verifier } = await start(test);
    const broken = Object.assign(verifier(), { verify: () => Promise.reject(new Error('broken')) });
    const saved = console.error;
    test.after(() => console.error = saved);
    console.error = () => undefined; // Express writes it there
    assert.equal((await get(`${await startServer(broken, test)}/me`, 'Bearer a.b.c')).status, 500);
  });
}

test('Fastify: a context asks for the scopes that it was registered with', async test => {
  const { service, verifier } = await start(test);
  const at = await frameworks['Fastify']!(verifier(), test);
  assert.equal((await get(`${at}/jobs`, `Bearer ${await service.token({ aud: ['jobs:write'] })}`)).status, 200);
  assert.equal((await get(`${at}/jobs`, `Bearer ${await service.token({ aud: ['files:write'] })}`)).status, 403);
});

test('A malformed scope is a mistake', async test => {
  const { verifier } = await start(test);
  assert.throws(() => expressAuth(verifier(), { scopes: ['files'] }), TypeError);
  await assert.rejects(fastifyAuth({ hasRequestDecorator: () => true } as never, { verifier: verifier(), scopes: ['files'] }), TypeError);
});
