import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServiceClient, type ClientOptions } from '../src/client.js';
import { RefusedError, UnavailableError } from '../src/index.js';
import { json } from './fakes/fakeAuthService.js';
import { outcomeOf, start, until, type Scene } from './fakes/scene.js';

const clientOf = ({ service, clock }: Scene, options: Partial<ClientOptions> = {}): ServiceClient =>
  new ServiceClient({ address: service.address, credential: 'rt_files', ...options }, clock);

test('A token is claimed once', async test => {
  const scene = await start(test);
  const client = clientOf(scene);
  assert.deepEqual([await client.claim('one'), await client.claim('one'), await client.claim('two')], [true, false, true]);
  await assert.rejects(client.claim(''), TypeError);
});

test('A proxy\'s conflict is no answer to a claim', async test => {
  const scene = await start(test);
  scene.service.instead.set('/auth/claim', (_, response) => void response.writeHead(409, { 'Content-Type': 'text/html' }).end('<h1>Conflict</h1>'));
  await assert.rejects(clientOf(scene).claim('one'), UnavailableError);
});

test('A refresh token is exchanged once for many calls, and again a minute before the end', async test => {
  const scene = await start(test);
  const client = clientOf(scene);
  await Promise.all(Array.from({ length: 20 }, (_, i) => client.claim(`${i}`)));
  assert.equal(scene.service.callsOf('/auth/refresh'), 1);
  assert.equal(scene.service.calls.find(call => call.path === '/auth/refresh')!.bearer, 'rt_files');

  scene.clock.advance(545);
  await client.claim('a');
  await until(() => scene.service.callsOf('/auth/refresh') === 2, 'it is renewed behind the call');
});

test('A renewal that fails does no harm while the token at hand is valid', async test => {
  const scene = await start(test);
  const client = clientOf(scene);
  await client.claim('a');
  scene.service.instead.set('/auth/refresh', (_, response) => json(response, 500, {}));
  scene.clock.advance(590);
  assert.equal(await client.claim('b'), true);
  scene.clock.advance(10);
  await assert.rejects(client.claim('c'), (error: RefusedError) => error instanceof RefusedError && error.status === 500);
});

test('A refresh that something else answers is none', async test => {
  const scene = await start(test);
  const client = clientOf(scene);
  const timeless = [await scene.service.token({ exp: null }), await scene.service.token({ iat: null })];
  for (const body of [{}, ...['x', ...timeless].map(accessToken => ({ accessToken }))]) {
    scene.service.instead.set('/auth/refresh', (_, response) => json(response, 200, body));
    await assert.rejects(client.claim('a'), UnavailableError);
  }
  scene.service.instead.delete('/auth/refresh');
  assert.equal(await client.claim('a'), true);
});

test('An API key is sent as it is', async test => {
  const scene = await start(test);
  await clientOf(scene, { credential: 'sk_files' }).claim('a');
  assert.deepEqual(scene.service.calls.map(call => [call.path, call.bearer]), [['/auth/claim', 'sk_files']]);
});

test('A credential that was renewed is taken without a restart', async test => {
  const scene = await start(test);
  let credential = 'rt_old';
  const client = clientOf(scene, { credential: async () => credential });
  await client.claim('a');
  credential = 'rt_new';
  scene.clock.advance(600);
  await client.claim('b');
  assert.deepEqual(scene.service.calls.filter(call => call.path === '/auth/refresh').map(call => call.bearer), ['rt_old', 'rt_new']);
});

test('A function that fails, hangs or gives something malformed does no harm while the token at hand is valid', async test => {
  const scene = await start(test);
  const faults: (() => string | Promise<string>)[] = [
    () => { throw new Error('The store is down'); }, () => Promise.reject(new Error('The store is slow')), () => 'malformed',
    () => new Promise(() => undefined),
  ];
  for (const [i, fault] of faults.entries()) {
    let credential: () => string | Promise<string> = () => 'rt_files';
    const client = clientOf(scene, { credential: () => credential() });
    await client.claim(`a${i}`);
    credential = fault;
    scene.clock.advance(590);
    assert.equal(await client.claim(`b${i}`), true);
    assert.deepEqual(await client.introspect('token'), { active: true });
  }
});

test('A renewal for which the function failed is tried again', async test => {
  const scene = await start(test);
  let [fails, asked] = [false, 0];
  const credential = (): string => {
    asked++;
    if (fails)
      throw new Error('The store is down');
    return 'rt_files';
  };
  const client = clientOf(scene, { credential });
  await client.claim('a');
  scene.clock.advance(590);
  fails = true;
  await client.claim('b');
  fails = false;
  await client.claim('c');
  await until(() => scene.service.callsOf('/auth/refresh') === 2, 'it is renewed behind the call');
  assert.equal(asked, 3);
});

test('What a function throws is the cause of an UnavailableError when there is no token, and so is something malformed', async test => {
  const scene = await start(test);
  const [down, rejected] = [new Error('The store is down'), new Error('The store is slow')];
  const faults: [() => string | Promise<string>, (cause: unknown) => boolean][] = [
    [() => { throw down; }, cause => cause === down],
    [() => Promise.reject(rejected), cause => cause === rejected],
    [() => 'malformed', cause => cause instanceof TypeError],
    [() => undefined as unknown as string, cause => cause instanceof TypeError],
  ];
  for (const [credential, isCause] of faults) {
    const client = clientOf(scene, { credential });
    for (const call of [client.claim('a'), client.introspect('token')])
      await assert.rejects(call, (error: Error) => error instanceof UnavailableError && isCause(error.cause));
  }
  assert.equal(scene.service.calls.length, 0);
});

test('A function that hangs holds up nobody who calls ten seconds later', async test => {
  const scene = await start(test);
  let credential: () => string | Promise<string> = () => new Promise(() => undefined);
  const client = clientOf(scene, { credential: () => credential() });
  test.mock.timers.enable({ apis: ['setTimeout'] });
  const claim = assert.rejects(client.claim('a'), UnavailableError);
  test.mock.timers.tick(10_000);
  test.mock.timers.reset();
  await claim;
  credential = () => 'rt_files';
  assert.equal(await client.claim('b'), true);
});

test('A function is asked once by calls that wait for the same token', async test => {
  const scene = await start(test);
  let asked = 0;
  const client = clientOf(scene, { credential: async () => `rt_${++asked}` });
  await Promise.all(Array.from({ length: 20 }, (_, i) => client.claim(`${i}`)));
  assert.deepEqual([asked, scene.service.callsOf('/auth/refresh')], [1, 1]);
});

test('An API key that a function gives is sent as it is, and asked for each time', async test => {
  const scene = await start(test);
  let credential = 'sk_old';
  const client = clientOf(scene, { credential: async () => credential });
  const bearers = (): string[] => scene.service.calls.filter(call => call.path === '/auth/claim').map(call => call.bearer);
  await client.claim('a');
  credential = 'sk_new';
  await client.claim('b');
  assert.deepEqual([bearers(), scene.service.callsOf('/auth/refresh')], [['sk_old', 'sk_new'], 0]);

  credential = 'rt_files';
  await client.claim('c');
  credential = 'sk_files';
  scene.clock.advance(600);
  await client.claim('d');
  assert.deepEqual([bearers().at(-1), scene.service.callsOf('/auth/refresh')], ['sk_files', 1]);
});

test('A token that is refused before its end is renewed once', async test => {
  const scene = await start(test);
  const client = clientOf(scene);
  await client.claim('a');
  scene.service.instead.set('/auth/claim', (_, response) => json(response, 401, { why: 'revoked', errorCode: 'INVALID_TOKEN', traceId: 't1' }));

  scene.clock.advance(11);
  await assert.rejects(
    client.claim('b'),
    { name: 'RefusedError', status: 401, code: 'INVALID_TOKEN', traceId: 't1', message: 'AuthService answered 401: revoked' });
  assert.deepEqual([scene.service.callsOf('/auth/claim'), scene.service.callsOf('/auth/refresh')], [3, 2]);
});

test('A 503 that says when is tried again, and others are not', async test => {
  const scene = await start(test);
  const client = clientOf(scene, { credential: 'sk_files' });
  let refusals = 2;
  scene.service.instead.set('/auth/claim', (_, response) =>
    refusals-- > 0 ? json(response, 503, {}, { 'Retry-After': '0' }) : void response.writeHead(204).end());
  assert.equal(await client.claim('a'), true);
  assert.equal(scene.service.callsOf('/auth/claim'), 3);

  for (const [headers, calls] of [[{}, 1], [{ 'Retry-After': '11' }, 1], [{ 'Retry-After': '0' }, 4]] as const) {
    scene.service.calls.length = 0;
    scene.service.instead.set('/auth/claim', (_, response) => json(response, 503, {}, { ...headers }));
    await assert.rejects(client.claim('b'), (error: RefusedError) => error.status === 503);
    assert.equal(scene.service.callsOf('/auth/claim'), calls);
  }
});

test('A refresh that is answered 503 is tried again, too', async test => {
  const scene = await start(test);
  let refusals = 2;
  const usual = scene.service.instead.get('/auth/refresh');
  scene.service.instead.set('/auth/refresh', (_, response) => {
    if (--refusals === 0)
      usual === undefined ? scene.service.instead.delete('/auth/refresh') : scene.service.instead.set('/auth/refresh', usual);
    json(response, 503, {}, { 'Retry-After': '0' });
  });
  assert.equal(await clientOf(scene).claim('a'), true);
  assert.deepEqual([scene.service.callsOf('/auth/refresh'), scene.service.callsOf('/auth/claim')], [3, 1]);
});

test('No answer in time is an UnavailableError, and so is one that is cut off or redirected', async test => {
  const scene = await start(test);
  const client = clientOf(scene, { credential: 'sk_files', timeout: 0.2 });
  scene.service.instead.set('/auth/claim', () => undefined);
  await assert.rejects(client.claim('a'), UnavailableError);
  scene.service.instead.set('/auth/claim', (_, response) => void response.destroy());
  await assert.rejects(client.claim('a'), UnavailableError);
  scene.service.instead.set('/auth/claim', (_, response) => void response.writeHead(307, { Location: `${scene.service.address}/auth/refresh` }).end());
  await assert.rejects(client.claim('a'), UnavailableError);
  assert.equal(scene.service.callsOf('/auth/refresh'), 0);
});

test('An address may have a path', async test => {
  const scene = await start(test);
  scene.service.instead.set('/auth-service/auth/claim', (_, response) => void response.writeHead(204).end());
  for (const address of [`${scene.service.address}/auth-service`, `${scene.service.address}/auth-service/`])
    assert.equal(await clientOf(scene, { address, credential: 'sk_files' }).claim('a'), true);
});

test('A one-time token is claimed as the last step, and taken once', async test => {
  const scene = await start(test);
  const files = scene.verifier({ client: clientOf(scene) });
  const token = await scene.service.oneTimeToken('one');
  assert.equal(await outcomeOf(files, `${token.slice(0, -4)}AAAA`), 'InvalidTokenError');
  assert.equal(await outcomeOf(files, await scene.service.oneTimeToken('two', { exp: 1 })), 'InvalidTokenError');
  assert.equal(scene.service.callsOf('/auth/claim'), 0);

  const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcomeOf(files, token)));
  assert.equal(outcomes.filter(outcome => outcome === 'taken').length, 1);
  assert.equal(outcomes.filter(outcome => outcome === 'InvalidTokenError').length, 19);
  assert.equal(await outcomeOf(files, await scene.service.token({ jti: 'three' })), 'taken'); // its presence is enough
  assert.equal(scene.service.claimed.has('three'), true);
});

test('A claim without an answer cannot be told', async test => {
  const scene = await start(test);
  const files = scene.verifier({ client: clientOf(scene) });
  scene.service.instead.set('/auth/claim', (_, response) => void response.destroy());
  await assert.rejects(files.verify(await scene.service.oneTimeToken('one')), { name: 'NotClaimedError', status: 503, retryAfter: 2 });
});

test('Without a client no one-time token is taken, and the others are', async test => {
  const scene = await start(test);
  const files = scene.verifier();
  assert.equal(await outcomeOf(files, await scene.service.oneTimeToken('one')), 'InvalidTokenError');
  assert.equal(await outcomeOf(files, await scene.service.token()), 'taken');
  assert.deepEqual(scene.log, ['warn: A one-time token was refused because the verifier has no client']);
});
