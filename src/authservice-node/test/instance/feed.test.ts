import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Verifier } from '../../src/index.js';
import { outcomeOf, until } from '../fakes/scene.js';
import { ahead, instance, other, readerOf, verifierOf, Way, type Session } from './instance.js';

/** How long a revocation takes at most on a busy machine, in seconds. It is less than the wait of a poll. On an idle machine it takes less than a second. */
const SOON = 25;

async function expectRevoked(verifier: Verifier, token: string): Promise<void> {
  const begun = Date.now();
  await until(async () => await outcomeOf(verifier, token) === 'RevokedTokenError', 'it is refused');
  assert.ok(Date.now() - begun < SOON * 1000, `after ${Date.now() - begun} ms`);
}

const endings: Record<string, (person: Session & { readonly id: string }) => Promise<unknown>> = {
  'signed out': person => instance.call('POST', '/auth/logout', person.refreshToken),
  'revoked by the person': person => instance.call('DELETE', '/account/auth/sessions/all', person.accessToken),
  'revoked by an administrator': async person => instance.call('DELETE', `/admin/principals/${person.id}/sessions`, await instance.adminToken()),
  'ended by a disabled account': async person => instance.call('PATCH', `/admin/principals/${person.id}`, await instance.adminToken(), { state: 'DISABLED' }),
};

for (const [how, end] of Object.entries(endings)) {
  test(`A session that was ${how} is refused within seconds, and no other is`, async test => {
    const files = await readerOf(test);
    const [person, bystander] = [await instance.person(), await instance.person()];
    assert.equal(await outcomeOf(files, person.accessToken), 'taken');
    await end(person);
    await expectRevoked(files, person.accessToken);
    assert.equal(await outcomeOf(files, bystander.accessToken), 'taken');
  });
}

test('What was revoked before the start is refused from the first token on', async test => {
  const [first, person] = [await readerOf(test), await instance.person()];
  await instance.call('POST', '/auth/logout', person.refreshToken);
  await expectRevoked(first, person.accessToken); // every reader knows it by now
  assert.equal(await outcomeOf(await readerOf(test), person.accessToken), 'RevokedTokenError');
});

test('A token that is revoked by itself is refused alone', async test => {
  const [files, person, service] = [await readerOf(test), await instance.person(), await instance.service('_svc')];
  const [extended, once] = [await instance.extend(service, person.accessToken, 'files:read'), await instance.oneTimeToken(person.accessToken)];
  assert.equal(await outcomeOf(files, extended), 'taken');
  for (const token of [once, extended])
    await instance.call('POST', '/oauth/revoke', await instance.refresh(service.refreshToken), new URLSearchParams({ token }));
  await expectRevoked(files, extended);
  assert.equal(await outcomeOf(files, once), 'RevokedTokenError'); // it was revoked before that one
  assert.equal(await outcomeOf(files, person.accessToken), 'taken');
});

test('A token that was made from a session is refused with it', async test => {
  const [files, person] = [await readerOf(test), await instance.person()];
  const extended = await instance.extend(await instance.service('_svc'), person.accessToken, 'files:read', 3600);
  assert.equal(await outcomeOf(files, extended), 'taken');
  await instance.call('POST', '/auth/logout', person.refreshToken);
  await expectRevoked(files, extended);
});

test('What an instance whose clock is ahead has narrowed is refused once the service is disabled', async test => {
  const [service, reader, person] = [await other.service('_svc'), await other.service(), await other.person()];
  const files = verifierOf(test, {
    issuer: other.issuer, keysAddress: `${ahead.address}/.well-known/jwks.json`,
    revocation: { address: other.address, credential: reader.refreshToken, whenStale: 'refuse', wait: 30, maxStaleness: 60 },
  });
  await files.ready();
  const extended = await ahead.extend(service, person.accessToken, 'files:read', 3600);
  assert.equal(await outcomeOf(files, extended), 'taken');
  await other.call('PATCH', `/admin/principals/${service.id}`, await other.adminToken(), { state: 'DISABLED' });
  await expectRevoked(files, extended);
  assert.equal(await outcomeOf(files, person.accessToken), 'taken');
});

test('The tokens of a service are refused once its refresh token was renewed, and the new ones are taken', async test => {
  const [files, service] = [await readerOf(test), await instance.service()];
  const old = await instance.refresh(service.refreshToken);
  assert.equal(await outcomeOf(files, old), 'taken');
  const young = await instance.refresh((await instance.renew(service.id)).refreshToken); // issued in the same second
  await expectRevoked(files, old);
  assert.equal(await outcomeOf(files, young), 'taken');
});

test('A reader whose own credential was renewed reads on with the new one', async test => {
  let account = await instance.service();
  const files = await readerOf(test, { credential: () => account.refreshToken, wait: 1, maxStaleness: 60 });
  await new Promise(resolve => setTimeout(resolve, 10_500)); // a refusal of a younger token would have another reason
  account = await instance.renew(account.id);
  const person = await instance.person();
  await instance.call('POST', '/auth/logout', person.refreshToken);
  await until(async () => await outcomeOf(files, person.accessToken) === 'RevokedTokenError', 'it is refused');
});

test('The tokens of an API key are refused once it was revoked', async test => {
  const [files, service] = [await readerOf(test), await instance.service()];
  const key = await instance.apiKey(service.id);
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: service.id, client_secret: key.key });
  const { access_token: token } = await (await fetch(`${instance.address}/oauth/token`, { method: 'POST', body: form })).json() as { access_token: string };
  assert.equal(await outcomeOf(files, token), 'taken');
  await instance.call('DELETE', `/admin/principals/${service.id}/api-keys/${key.id}`, await instance.adminToken());
  await expectRevoked(files, token);
  assert.equal(await outcomeOf(files, await instance.refresh(service.refreshToken)), 'taken');
});

test('A reader may call by an API key', async test => {
  const files = await readerOf(test, { credential: (await instance.apiKey((await instance.service()).id)).key });
  const person = await instance.person();
  await instance.call('POST', '/auth/logout', person.refreshToken);
  await expectRevoked(files, person.accessToken);
});

test('A reader that is cut off says how old its knowledge is, and catches up without a gap', async test => {
  const way = await Way.to(instance, test);
  const files = await readerOf(test, { address: way.address, wait: 1, maxStaleness: 2 });
  const [person, bystander] = [await instance.person(), await instance.person()];
  const isTaken = (session: Session) => async (): Promise<boolean> => await outcomeOf(files, session.accessToken) === 'taken'; // not while it is stale
  await until(isTaken(person), 'the knowledge is fresh');

  way.isCut = true;
  await instance.call('POST', '/auth/logout', person.refreshToken);
  await until(() => files.status().isStale, 'the knowledge is too old');
  assert.ok(files.staleness() > 2);
  assert.equal(await outcomeOf(files, bystander.accessToken), 'StaleKnowledgeError');

  way.isCut = false;
  await until(isTaken(bystander), 'the knowledge is fresh again');
  assert.equal(await outcomeOf(files, person.accessToken), 'RevokedTokenError');
});

test('A token is asked about while the knowledge is too old', async test => {
  const way = await Way.to(instance, test);
  const files = await readerOf(test, { address: way.address, wait: 1, maxStaleness: 2, whenStale: 'ask' });
  const [person, bystander] = [await instance.person(), await instance.person()];
  way.isFeedCut = true;
  await until(() => files.status().isStale, 'the knowledge is too old');
  await instance.call('POST', '/auth/logout', person.refreshToken);
  assert.deepEqual([await outcomeOf(files, person.accessToken), await outcomeOf(files, bystander.accessToken)], ['RevokedTokenError', 'taken']);
  way.isCut = true;
  await new Promise(resolve => setTimeout(resolve, 1100)); // an answer is good for a second
  assert.equal(await outcomeOf(files, bystander.accessToken), 'StaleKnowledgeError');
});
