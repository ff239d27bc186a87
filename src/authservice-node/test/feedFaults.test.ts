import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, type Handler } from './fakes/fakeAuthService.js';
import { outcomeOf, start, until } from './fakes/scene.js';

const FEED = '/revocations';
const later = (): number => Date.now() / 1000 + 600;

test('A feed that starts again adds to what is known: a restored database may have forgotten it', async test => {
  const { service, log, reader } = await start(test);
  service.feed.revoke({ sid: 'old', until: later() }, { sid: 'both', until: later() });
  const files = reader();
  await files.ready();
  service.feed.pageSize = 1;
  service.feed.begin('b', { sid: 'both', until: later() }, { sid: 'new', until: later() });
  const both = await service.token({ sid: 'both' });
  await until(async () => {
    assert.equal(await outcomeOf(files, both), 'RevokedTokenError');
    return await outcomeOf(files, await service.token({ sid: 'new' })) === 'RevokedTokenError';
  }, 'the new one is known');
  await until(() => service.feed.polls.at(-1)!.after?.[0] === 'b', 'the new feed has been read to its end');
  assert.equal(await outcomeOf(files, await service.token({ sid: 'old' })), 'RevokedTokenError');
  assert.ok(log.includes('warn: AuthService\'s revocation feed started again; what still matters is read from the beginning'));
});

test('A cursor that is refused is given up', async test => {
  const { service, reader } = await start(test);
  service.feed.revoke({ sid: 'one', until: later() });
  const files = reader();
  await files.ready();
  service.instead.set(FEED, (call, response) =>
    call.query.has('after') ? json(response, 400, { why: 'malformed' }) : service.feed.answer(call, response));
  service.feed.revoke({ sid: 'two', until: later() });
  await until(() => service.feed.polls.filter(poll => poll.after === null).length >= 2, 'it is read from the beginning');
  assert.equal(await outcomeOf(files, await service.token({ sid: 'two' })), 'RevokedTokenError');
});

for (const [what, answer] of [
  ['503', { status: 503, body: {} }],
  ['401', { status: 401, body: { why: 'no' } }],
  ['no JSON', { status: 200, body: undefined }],
  ['an answer of something else', { status: 200, body: { ok: true } }],
  ['more, and none of it', { status: 200, body: { cursor: 'a0', now: 1, revoked: [], more: true } }],
] as const) {
  test(`After ${what} the feed is asked again with pauses, and caught up with`, async test => {
    const { service, log, reader } = await start(test);
    const files = reader();
    await files.ready();
    service.instead.set(FEED, (_, response) => json(response, answer.status, answer.body));
    service.feed.revoke({ sid: 'one', until: later() });
    const begun = service.calls.length;
    await new Promise(resolve => setTimeout(resolve, 1500));
    assert.ok(service.calls.length - begun < 20, `${service.calls.length - begun}`);
    service.instead.delete(FEED);
    await until(async () => await outcomeOf(files, await service.token({ sid: 'one' })) === 'RevokedTokenError', 'it is known');
    assert.equal(log.filter(line => line.startsWith('warn: AuthService\'s revocation feed could not be read')).length, 1);
  });
}

test('A failure of another kind is logged too', async test => {
  const { service, log, reader } = await start(test);
  const files = reader({ credential: 'sk_files' });
  await files.ready();
  const failures = (): number => log.filter(line => line.startsWith('warn: AuthService\'s revocation feed could not be read')).length;
  const answers: Handler[] = [
    (_, response) => json(response, 503, {}), (_, response) => json(response, 403, { why: 'no' }), (_, response) => void response.destroy(),
  ];
  for (const [i, answer] of answers.entries()) {
    service.instead.set(FEED, answer);
    await until(() => failures() === i + 1, 'it is logged');
    const calls = service.callsOf(FEED);
    await until(() => service.callsOf(FEED) > calls + 1, 'it is asked again');
    assert.equal(failures(), i + 1);
  }
});

test('Retry-After is heeded', async test => {
  const { service, reader } = await start(test);
  service.instead.set(FEED, (_, response) => json(response, 503, {}, { 'Retry-After': '1' }));
  reader({ credential: 'sk_files' });
  await new Promise(resolve => setTimeout(resolve, 900));
  assert.equal(service.callsOf(FEED), 1);
  await until(() => service.callsOf(FEED) === 2, 'it is asked again');
});

test('A poll that hangs is given up ten seconds after its wait', async test => {
  const { service, reader } = await start(test);
  const files = reader({ credential: 'sk_files' });
  await files.ready();
  service.instead.set(FEED, () => undefined);
  await until(() => service.callsOf(FEED) > service.feed.polls.length, 'one hangs');
  const begun = Date.now();
  service.feed.revoke({ sid: 'one', until: later() });
  service.instead.delete(FEED);
  await until(async () => await outcomeOf(files, await service.token({ sid: 'one' })) === 'RevokedTokenError', 'it is known');
  assert.ok(Date.now() - begun > 9000);
});
