import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json } from './fakes/fakeAuthService.js';
import { exitCodeOf, outcomeOf, start, until } from './fakes/scene.js';

const FEED = '/revocations';
const later = (): number => Date.now() / 1000 + 600;

test('A revoked session is refused at once, and others are taken', async test => {
  const { service, reader } = await start(test);
  const files = reader();
  await files.ready();
  const [one, other] = [await service.token({ sid: 'one' }), await service.token({ sid: 'other' })];
  assert.deepEqual([await outcomeOf(files, one), await outcomeOf(files, other)], ['taken', 'taken']);

  service.feed.revoke({ sid: 'one', until: later() });
  await until(async () => await outcomeOf(files, one) === 'RevokedTokenError', 'it is refused');
  await assert.rejects(files.verify(one), { status: 401 });
  assert.equal(await outcomeOf(files, other), 'taken');
  assert.deepEqual([files.status().entries, files.status().isStale, files.status().unknownEntries], [1, false, 0]);
});

test('What was revoked before the start is refused when it is ready', async test => {
  const { service, reader } = await start(test);
  service.feed.pageSize = 10;
  service.feed.revoke(...Array.from({ length: 95 }, (_, i) => ({ sid: `s${i}`, until: later() })));
  const files = reader();
  await files.ready();
  assert.equal(files.status().entries, 95);
  assert.equal(await outcomeOf(files, await service.token({ sid: 's94' })), 'RevokedTokenError');
  const polls = service.feed.polls.slice(0, 10);
  assert.deepEqual(polls.map(poll => poll.after), [null, ...Array.from({ length: 9 }, (_, i) => `a${(i + 1) * 10}`)]);
  assert.ok(polls.every(poll => poll.wait === 0)); // there is more: ask again at once
});

test('The knowledge is not complete while there is more', async test => {
  const { service, reader } = await start(test);
  service.feed.over = { more: true };
  service.feed.revoke({ sid: 'one', until: later() });
  const files = reader({ whenStale: 'refuse' });
  await until(() => files.status().entries === 1, 'the first page is there');
  assert.deepEqual([files.staleness(), files.status().isStale], [Infinity, true]);
  assert.equal(await outcomeOf(files, await service.token({ sid: 'one' })), 'RevokedTokenError'); // what is known counts
  assert.equal(await outcomeOf(files, await service.token()), 'StaleKnowledgeError');
  service.feed.over = {};
  await files.ready();
  assert.equal(await outcomeOf(files, await service.token()), 'taken');
});

test('Empty answers keep the knowledge fresh, by one poll at a time', async test => {
  const { service, clock, reader } = await start(test);
  const files = reader({ maxStaleness: 60 });
  await files.ready();
  for (let heartbeats = 0; heartbeats < 4; heartbeats++) {
    const polls = service.feed.polls.length;
    await until(() => service.feed.polls.length > polls, 'the poll before the next one was answered');
    clock.advance(40); // twice that is too old
    assert.ok(!files.status().isStale, `${files.staleness()}`);
  }
  assert.equal(service.feed.mostOpen, 1);
  assert.deepEqual(new Set(service.feed.polls.slice(1).map(poll => poll.wait)), new Set([1]));
  assert.equal(service.callsOf('/auth/refresh'), 1);
});

for (const [whenStale, expected] of [['refuse', 'StaleKnowledgeError'], ['ask', 'taken'], ['allow', 'taken']] as const) {
  test(`Knowledge that is too old, or not there yet: ${whenStale}`, async test => {
    const { service, clock, reader } = await start(test);
    service.instead.set(FEED, (_, response) => json(response, 503, {}));
    const files = reader({ whenStale });
    const token = await service.token();
    assert.equal(await outcomeOf(files, token), expected);

    service.instead.delete(FEED);
    await files.ready();
    const asked = service.callsOf('/oauth/introspect');
    assert.deepEqual([await outcomeOf(files, token), service.callsOf('/oauth/introspect')], ['taken', asked]);

    service.instead.set(FEED, (_, response) => void response.destroy());
    await until(() => service.callsOf(FEED) > service.feed.polls.length + 2, 'polls fail');
    clock.advance(10);
    assert.deepEqual([files.status().isStale, await outcomeOf(files, token)], [true, expected]);
    assert.equal(service.callsOf('/oauth/introspect'), whenStale === 'ask' ? asked + 1 : 0);
    service.instead.delete(FEED);
    await until(() => !files.status().isStale, 'it is read again');
  });
}

test('A token that is asked about is refused when it is not active, and cannot be told without an answer', async test => {
  const { service, clock, reader } = await start(test);
  service.instead.set(FEED, (_, response) => json(response, 503, {}));
  const files = reader({ whenStale: 'ask' });
  const [good, bad] = [await service.token(), await service.token({ sid: 'one' })];
  service.revoked.add(bad);
  clock.hold(); // an answer is good for a second
  const outcomes = await Promise.all(Array.from({ length: 50 }, (_, i) => outcomeOf(files, i % 2 === 0 ? good : bad)));
  assert.deepEqual(new Set(outcomes.filter((_, i) => i % 2 === 0)), new Set(['taken']));
  assert.deepEqual(new Set(outcomes.filter((_, i) => i % 2 === 1)), new Set(['RevokedTokenError']));
  assert.equal(service.callsOf('/oauth/introspect'), 2);

  service.instead.set('/oauth/introspect', (_, response) => json(response, 500, {}));
  clock.advance(1);
  await assert.rejects(files.verify(good), { name: 'StaleKnowledgeError', status: 503, retryAfter: 2 });
});

test('Not many tokens are asked about at once', async test => {
  const { service, reader } = await start(test);
  service.instead.set(FEED, (_, response) => json(response, 503, {}));
  const files = reader({ whenStale: 'ask', credential: 'sk_files' });
  let [open, most] = [0, 0];
  service.instead.set('/oauth/introspect', async (_, response) => {
    most = Math.max(most, ++open);
    await until(() => most >= 32, '32 are asked about at once'); // however slowly they come
    await new Promise(resolve => setTimeout(resolve, 20));
    open--;
    json(response, 200, { active: true });
  });
  const tokens = await Promise.all(Array.from({ length: 40 }, (_, i) => service.token({ sub: `${i}` })));
  assert.deepEqual(new Set(await Promise.all(tokens.map(token => outcomeOf(files, token)))), new Set(['taken']));
  assert.equal(most, 32);
});

test('A one-time token that was revoked is not used up', async test => {
  const { service, reader } = await start(test);
  const files = reader();
  await files.ready();
  service.feed.revoke({ sid: 'one', until: later() });
  await until(() => files.status().entries === 1, 'it is known');
  assert.equal(await outcomeOf(files, await service.oneTimeToken('jti', { sid: 'one' })), 'RevokedTokenError');
  assert.equal(service.callsOf('/auth/claim'), 0);
  assert.equal(await outcomeOf(files, await service.oneTimeToken('jti', { sid: 'other' })), 'taken'); // claimed with the credential of the feed
});

test('Entries of unknown kinds are passed over, counted and told of once', async test => {
  const { service, log, reader } = await start(test);
  const files = reader();
  await files.ready();
  service.feed.revoke({ client: 'c', until: later() }, { sid: 'one', until: later() }, 'nonsense');
  await until(() => files.status().unknownEntries === 2, 'they are counted');
  service.feed.revoke({ client: 'd', until: later() });
  await until(() => files.status().unknownEntries === 3, 'they are counted');
  assert.equal(files.status().entries, 1);
  assert.equal(log.filter(line => line.startsWith('error:')).length, 1);
});

test('Entries that refuse nothing any more are forgotten', async test => {
  const { service, clock, reader } = await start(test);
  service.feed.revoke({ sid: 'short', until: Date.now() / 1000 + 60 }, { sid: 'long', until: later() });
  const files = reader();
  await files.ready();
  clock.advance(85);
  service.feed.over = { now: Date.now() / 1000 + 85 };
  await until(() => service.feed.polls.length > 3, 'it has had the time');
  assert.equal(files.status().entries, 2); // half a minute of skew
  clock.advance(31);
  service.feed.over = { now: Date.now() / 1000 + 116 };
  await until(() => files.status().entries === 1, 'the short one is forgotten');
});

test('A verifier that is closed asks no more, and lets the process end', async test => {
  const { service, reader } = await start(test);
  const files = reader();
  await files.ready();
  files.close();
  const polls = service.callsOf(FEED);
  await new Promise(resolve => setTimeout(resolve, 1500));
  assert.equal(service.callsOf(FEED), polls);
  await files.ready();
  const unready = reader();
  const waiting = assert.rejects(unready.ready(), /closed/);
  unready.close();
  await waiting;
  await assert.rejects(unready.ready(), /closed/);

  const code = await exitCodeOf(`
    import { createVerifier } from 'authservice-node';
    const revocation = { address: '${service.address}', credential: 'rt_files', wait: 30 };
    const verifier = createVerifier({ issuer: '${service.address}', revocation });
    await verifier.ready();
    setTimeout(() => verifier.close(), 300);`);
  assert.equal(code, 0);
});

test('Without a feed there is nothing to wait for, and nothing is known', async test => {
  const { verifier } = await start(test);
  const files = verifier();
  await files.ready();
  assert.deepEqual(files.status(), { staleness: Infinity, isStale: true, entries: 0, unknownEntries: 0 });
  files.close();
});
