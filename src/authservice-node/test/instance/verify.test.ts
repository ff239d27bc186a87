import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, hasScope } from '../../src/index.js';
import { frameworks } from '../fakes/frameworks.js';
import { outcomeOf, until } from '../fakes/scene.js';
import { ahead, instance, other, verifierOf, Way } from './instance.js';

test('A person\'s token gives who they are', async test => {
  const person = await instance.person();
  const claims = await verifierOf(test).verify(person.accessToken);
  assert.deepEqual(
    [claims.sub, claims.role, claims.principalType, claims.amr, claims.extendedByChain, claims.jti],
    [person.id, 'USER', 'password', ['pwd'], [], undefined]);
  assert.ok(claims.sid !== undefined && claims.auth_time !== undefined && hasScope(claims, 'files.upload:write'));
  assert.equal((await verifierOf(test).verify(await instance.adminToken())).role, 'ADMIN');
});

test('What is no access token of this instance is refused', async test => {
  const person = await instance.person();
  const files = verifierOf(test);
  const [header, claims, signature] = person.accessToken.split('.') as [string, string, string];
  const asRoot = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()) as object, sub: 'admin' })).toString('base64url');
  assert.equal(await outcomeOf(files, person.accessToken), 'taken');
  for (const token of [
    await other.adminToken(), person.refreshToken,
    `${header}.${asRoot}.${signature}`, `${header}.${claims}.${signature.slice(0, -4)}AAAA`, `${header}.${claims}.`,
  ])
    assert.equal(await outcomeOf(files, token), 'InvalidTokenError');
  assert.equal(await outcomeOf(verifierOf(test, { algorithms: ['RS256', 'PS256'] }), person.accessToken), 'InvalidTokenError');
  const others = verifierOf(test, { issuer: other.issuer, keysAddress: `${instance.address}/.well-known/jwks.json` });
  assert.equal(await outcomeOf(others, await other.adminToken()), 'InvalidTokenError'); // the right issuer, and a key of the same name
});

test('A token ends with its lifetime', async test => {
  const token = await instance.extend(await instance.service('_svc'), (await instance.person()).accessToken, 'files:read', 15);
  const [exact, usual] = [verifierOf(test, { clockSkew: 0 }), verifierOf(test)];
  assert.equal(await outcomeOf(exact, token), 'taken');
  await until(async () => await outcomeOf(exact, token) === 'InvalidTokenError', 'it has expired');
  assert.equal(await outcomeOf(usual, token), 'taken'); // half a minute of skew
});

test('A token that was extended has the scopes that it was narrowed to, and no role', async test => {
  const token = await instance.extend(await instance.service('_svc'), await instance.adminToken(), 'files.upload:write');
  const claims = await verifierOf(test).verify(token);
  assert.deepEqual([claims.role, claims.extendedBy, claims.extendedByChain, claims.aud], [undefined, '_svc', ['_svc'], ['files.upload:write']]);
  assert.deepEqual(['files.upload:read', 'files:read', 'jobs:read'].map(scope => hasScope(claims, scope)), [true, false, false]);
});

test('Keys are exchanged while the service runs, and no valid token is refused', async test => {
  const way = await Way.to(other, test);
  const files = verifierOf(test, { issuer: other.issuer, keysAddress: `${way.address}/.well-known/jwks.json`, unknownKeyInterval: 1 });
  const [old, young] = [await other.adminToken(), await ahead.adminToken()];
  assert.deepEqual([await outcomeOf(files, old), await outcomeOf(files, young)], ['taken', 'InvalidTokenError']); // a key that is not published

  way.leadTo(ahead);
  await until(async () => await outcomeOf(files, young) === 'taken', 'the new key is known');
  assert.equal(await outcomeOf(files, old), 'taken');
  way.isCut = true;
  assert.deepEqual([await outcomeOf(files, old), await outcomeOf(files, young)], ['taken', 'taken']);
});

test('A one-time token is taken once, by whichever service is first', async test => {
  const account = await instance.service();
  const credentials = [account.refreshToken, (await instance.apiKey(account.id)).key];
  const services = credentials.map(credential => verifierOf(test, { client: createClient({ address: instance.address, credential }) }));
  const token = await instance.oneTimeToken((await instance.person()).accessToken, 'files.upload:write');
  const outcomes = await Promise.all(Array.from({ length: 30 }, (_, i) => outcomeOf(services[i % 2]!, token)));
  assert.equal(outcomes.filter(outcome => outcome === 'taken').length, 1);
  assert.equal(outcomes.filter(outcome => outcome === 'InvalidTokenError').length, 29);
  assert.equal(await outcomeOf(verifierOf(test), await instance.oneTimeToken(await instance.adminToken())), 'InvalidTokenError'); // there is no client
});

test('A client is told by the service what it may not do', async () => {
  const person = await instance.person();
  const client = createClient({ address: instance.address, credential: 'rt_unknown' });
  await assert.rejects(client.claim('jti'), { name: 'RefusedError', status: 401 });
  const service = createClient({ address: instance.address, credential: (await instance.service()).refreshToken });
  await assert.rejects(service.claim('x'.repeat(257)), { name: 'RefusedError', status: 400 });
  assert.equal((await service.introspect(person.accessToken)).sub, person.id);
  assert.deepEqual(await service.introspect('a.b.c'), { active: false });
});

for (const [name, startServer] of Object.entries(frameworks)) {
  test(`${name} answers as the token deserves`, async test => {
    const service = await instance.service('_svc');
    const files = verifierOf(test, { client: createClient({ address: instance.address, credential: service.refreshToken }) });
    const at = await startServer(files, test);
    const statusOf = async (path: string, token: string): Promise<number> =>
      (await fetch(`${at}${path}`, { headers: { Authorization: `Bearer ${token}` } })).status;
    const { accessToken } = await instance.person();
    assert.deepEqual([await statusOf('/me', accessToken), await statusOf('/upload', accessToken), (await fetch(`${at}/me`)).status], [200, 200, 401]);
    assert.equal(await statusOf('/upload', await instance.extend(service, accessToken, 'files:read')), 403);
    assert.equal(await statusOf('/me', await other.adminToken()), 401);
    const once = await instance.oneTimeToken(accessToken, 'files:write');
    assert.deepEqual([await statusOf('/upload', once), await statusOf('/upload', once)], [200, 401]);
  });
}
