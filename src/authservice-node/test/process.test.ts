import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeAuthService, json } from './fakes/fakeAuthService.js';
import { freePort } from './fakes/freePort.js';
import { exitCodeOf, start } from './fakes/scene.js';

// Node.js ends with code 13 when a script awaits a promise that nothing can settle any more.

const untilReady = (address: string): string => `
  import { createVerifier } from 'authservice-node';
  const revocation = { address: '${address}', credential: 'sk_files' };
  const verifier = createVerifier({ issuer: '${address}', revocation, log: () => undefined });
  await verifier.ready();
  verifier.close();`;

const untilAnswered = (address: string, credential: string): string => `
  import { createClient } from 'authservice-node';
  const client = createClient({ address: '${address}', credential: ${credential}, timeout: 3 });
  const claimed = await client.claim('one').catch(error => error.name);
  process.exit(claimed === true ? 0 : claimed === 'UnavailableError' ? 3 : 1);`;

test('A process that awaits ready() goes on when AuthService comes up after it', async test => {
  const address = `http://127.0.0.1:${await freePort()}`;
  const code = exitCodeOf(untilReady(address));
  await new Promise(resolve => setTimeout(resolve, 1500));
  const service = await FakeAuthService.start(test, Number(new URL(address).port));
  assert.deepEqual([await code, service.callsOf('/revocations')], [0, 1]);
});

test('A process that awaits ready() goes on from one page of the feed to the next', async test => {
  const { service } = await start(test);
  service.feed.pageSize = 1;
  service.feed.revoke(...['one', 'other'].map(sid => ({ sid, until: Date.now() / 1000 + 600 })));
  assert.deepEqual([await exitCodeOf(untilReady(service.address)), service.feed.polls.length], [0, 2]);
});

test('A process that awaits a call goes on when it is made again', async test => {
  const { service } = await start(test);
  let refusals = 1;
  service.instead.set('/auth/claim', (_, response) =>
    refusals-- > 0 ? json(response, 503, {}, { 'Retry-After': '1' }) : void response.writeHead(204).end());
  assert.deepEqual([await exitCodeOf(untilAnswered(service.address, '"sk_files"')), service.callsOf('/auth/claim')], [0, 2]);
});

test('A process that awaits a call is told when the function that gives the credential hangs', async test => {
  const { service } = await start(test);
  assert.equal(await exitCodeOf(untilAnswered(service.address, '() => new Promise(() => undefined)')), 3);
});
