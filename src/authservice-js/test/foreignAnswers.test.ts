import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UnavailableError, type AuthService } from '../src/index.js';
import { FakeBrowser } from './fakes/fakeBrowser.js';
import { json } from './fakes/fakeService.js';

type Call = (auth: AuthService) => Promise<unknown>;

const answeredWithJson: Record<string, Call> = {
  'sessions.list': auth => auth.sessions.list(),
  'sessions.listActive': auth => auth.sessions.listActive(),
  'sessions.countActive': auth => auth.sessions.countActive(),
  'passkeys.list': auth => auth.passkeys.list(),
  'passkeys.add': auth => auth.passkeys.add(),
  'devices.list': auth => auth.devices.list(),
  'email.get': auth => auth.email.get(),
  requestOneTimeToken: auth => auth.requestOneTimeToken('files:read'),
  signInWithPasskey: auth => auth.signInWithPasskey(),
};

const answeredWithNothing: Record<string, Call> = {
  'sessions.revoke': auth => auth.sessions.revoke('session-1'),
  'sessions.revokeOthers': auth => auth.sessions.revokeOthers(),
  'sessions.revokeAll': auth => auth.sessions.revokeAll(),
  'passkeys.rename': auth => auth.passkeys.rename('id', 'name'),
  'passkeys.remove': auth => auth.passkeys.remove('id'),
  'devices.forget': auth => auth.devices.forget('device-1'),
  'email.change': auth => auth.email.change('ada@example.com'),
  requestPasswordReset: auth => auth.requestPasswordReset('ada@example.com'),
  resetPassword: auth => auth.resetPassword('link of ann', 'a new password'),
  confirmEmail: auth => auth.confirmEmail('link of ann'),
  reportNotMe: auth => auth.reportNotMe('link of ann'),
};

const page = (): Response => new Response('<h1>Sign in to our WLAN</h1>');
const nothing = (): Response => new Response(null);

/** The connection is lost after the head of the answer. */
const half = (): Response => new Response(new ReadableStream({ pull: stream => stream.error(new TypeError('terminated')) }));

for (const [calls, answers] of [[answeredWithJson, [page, half, nothing]], [answeredWithNothing, [page, half, () => json({})]]] as const) {
  for (const [name, call] of Object.entries(calls)) {
    test(`What something else answers is none to ${name}`, async () => {
      const browser = new FakeBrowser();
      const { auth, news } = browser.openTab();
      await browser.world.until(auth.signIn('ann', 'right'));
      for (const answer of answers) {
        browser.service.instead.push(answer());
        await assert.rejects(browser.world.until(call(auth)), UnavailableError);
      }
      await browser.world.rest();
      assert.deepEqual([browser.service.instead.length, news], [0, ['ann']]);
    });
  }
}

/** Answers that a proxy gives by itself. */
for (const [status, body] of [[400, '<h1>Cookie Too Large</h1>'], [401, '<h1>Authorization Required</h1>'], [401, '{"message":"No key"}']] as const) {
  test(`A proxy's ${status} signs nobody out: ${body}`, async () => {
    const browser = new FakeBrowser();
    const { auth, news } = browser.openTab();
    await browser.world.until(auth.signIn('ann', 'right'));
    await browser.world.pass(11 * 60_000);
    for (const call of [(): Promise<unknown> => auth.getAccessToken(), (): Promise<unknown> => auth.signOut()]) {
      browser.service.instead.push(new Response(body, { status }));
      await assert.rejects(browser.world.until(call()), UnavailableError);
    }
    await browser.world.pass(10_000);
    assert.deepEqual([(await browser.world.until(auth.getIdentity()))?.id, news], ['ann', ['ann']]);
  });
}
