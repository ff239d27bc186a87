import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, unavailable } from './fakes/fakeAuthService.js';
import { outcomeOf, start, until } from './fakes/scene.js';

const KEYS = '/.well-known/jwks.json';

test('Keys are fetched once by many tokens, and again after five minutes', async test => {
  const { service, clock, verifier } = await start(test);
  const files = verifier();
  const token = await service.token();
  clock.hold();
  await Promise.all(Array.from({ length: 20 }, () => files.verify(token)));
  assert.equal(service.callsOf(KEYS), 1);

  clock.advance(299);
  await files.verify(token);
  assert.equal(service.callsOf(KEYS), 1);
  clock.advance(1);
  await Promise.all(Array.from({ length: 20 }, () => files.verify(token)));
  await until(() => service.callsOf(KEYS) === 2, 'they are fetched behind the calls');
});

test('Until keys can be fetched it cannot be told', async test => {
  const { service, clock, verifier } = await start(test);
  const files = verifier();
  const token = await service.token();
  service.instead.set(KEYS, unavailable);
  assert.equal(await outcomeOf(files, token), 'KeysUnavailableError');
  await assert.rejects(files.verify(token), { status: 503, retryAfter: 2 });
  assert.equal(service.callsOf(KEYS), 1); // not sooner than a second after a failure

  service.instead.clear();
  clock.advance(1);
  assert.equal(await outcomeOf(files, token), 'taken');
});

for (const [what, body] of [
  ['no keys', {}],
  ['a shared secret', { keys: [{ kty: 'oct', kid: 'first', alg: 'HS256', k: 'AA' }] }],
  ['a key without an algorithm', { keys: [{ kty: 'EC', kid: 'first', crv: 'P-256', x: 'AA', y: 'AA' }] }],
  ['a malformed key', { keys: [{ kty: 'EC', kid: 'first', alg: 'ES256', crv: 'P-256', x: 'AA', y: 'AA' }] }],
] as const) {
  test(`An answer with ${what} does not replace the keys that are known`, async test => {
    const { service, clock, log, verifier } = await start(test);
    const files = verifier();
    const token = await service.token();
    await files.verify(token);
    service.instead.set(KEYS, (_, response) => json(response, 200, body));

    clock.advance(300);
    await files.verify(token);
    await until(() => log.length === 1, 'the answer has come');
    assert.equal(await outcomeOf(files, token), 'taken');
    assert.equal(service.callsOf(KEYS), 2);
  });
}

test('Keys that could not be fetched for a day are used no more', async test => {
  const { service, clock, verifier } = await start(test);
  const files = verifier();
  const token = await service.token({}, 3 * 24 * 3600);
  await files.verify(token);
  service.instead.set(KEYS, unavailable);

  clock.advance(24 * 3600 - 10);
  assert.equal(await outcomeOf(files, token), 'taken');
  clock.advance(20);
  assert.equal(await outcomeOf(files, token), 'KeysUnavailableError');
  service.instead.clear();
  clock.advance(2);
  assert.equal(await outcomeOf(files, token), 'taken');
});

test('An unknown key makes for one fetch in ten seconds, and a new one is found by it', async test => {
  const { service, clock, verifier } = await start(test);
  const files = verifier();
  await files.verify(await service.token());
  await service.addKey('surprise', 'ES384'); // an elliptic key is made at once, so that the ten seconds are not over yet
  const token = await service.token({}, 600, { kid: 'surprise' });

  assert.equal(await outcomeOf(files, token), 'InvalidTokenError');
  assert.equal(service.callsOf(KEYS), 1);
  clock.advance(10);
  assert.deepEqual(new Set(await Promise.all(Array.from({ length: 20 }, () => outcomeOf(files, token)))), new Set(['taken']));
  assert.equal(service.callsOf(KEYS), 2);
});

test('A key that is published no more is refused once that is known', async test => {
  const { service, clock, verifier } = await start(test);
  const files = verifier();
  await service.addKey('second');
  const [old, young] = [await service.token(), await service.token({}, 600, { kid: 'second' })];
  assert.deepEqual([await outcomeOf(files, old), await outcomeOf(files, young)], ['taken', 'taken']);
  service.keys.shift();

  clock.advance(300);
  await until(async () => await outcomeOf(files, old) === 'InvalidTokenError', 'the old key is refused');
  assert.equal(await outcomeOf(files, young), 'taken');
});

test('After an idle time a key that was withdrawn meanwhile is refused from the first token on', async test => {
  const { service, clock, verifier } = await start(test);
  const files = verifier();
  await service.addKey('second');
  const [old, young] = [await service.token({}, 24 * 3600), await service.token({}, 24 * 3600, { kid: 'second' })];
  assert.equal(await outcomeOf(files, old), 'taken');
  service.keys.shift();

  clock.advance(10 * 3600);
  assert.deepEqual(await Promise.all([outcomeOf(files, old), outcomeOf(files, young)]), ['InvalidTokenError', 'taken']);
  assert.equal(service.callsOf(KEYS), 2);
});

test('After an idle time the old keys are used when the fetch fails, and not every token waits for the next one', async test => {
  const { service, clock, verifier } = await start(test);
  const files = verifier();
  const token = await service.token({}, 24 * 3600);
  await files.verify(token);
  service.instead.set(KEYS, unavailable);
  clock.advance(10 * 3600);
  assert.deepEqual([await outcomeOf(files, token), service.callsOf(KEYS)], ['taken', 2]);

  service.instead.set(KEYS, () => undefined); // never answers
  clock.advance(2);
  const asked = Date.now();
  assert.equal(await outcomeOf(files, token), 'taken');
  assert.ok(Date.now() - asked < 4000, 'the fetch would have taken five seconds');
});

test('An unknown key cannot be told when its fetch has failed', async test => {
  const { service, clock, verifier } = await start(test);
  const files = verifier();
  const known = await service.token();
  await files.verify(known);
  await service.addKey('surprise');
  const token = await service.token({}, 600, { kid: 'surprise' });
  service.instead.set(KEYS, unavailable);

  clock.advance(10);
  await assert.rejects(files.verify(token), { name: 'KeysUnavailableError', status: 503, retryAfter: 2 });
  await assert.rejects(files.verify(token), { name: 'KeysUnavailableError' }); // without another fetch
  assert.deepEqual([service.callsOf(KEYS), await outcomeOf(files, known)], [2, 'taken']);

  service.instead.clear();
  clock.advance(1);
  assert.equal(await outcomeOf(files, token), 'taken');
});

test('A fetch that is redirected brings no keys', async test => {
  const { service, verifier } = await start(test);
  service.instead.set(KEYS, (_, response) => void response.writeHead(302, { Location: `${service.address}/moved` }).end());
  service.instead.set('/moved', (_, response) => json(response, 200, { keys: service.keys }));
  assert.equal(await outcomeOf(verifier(), await service.token()), 'KeysUnavailableError');
});
