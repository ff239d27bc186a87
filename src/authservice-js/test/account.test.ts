import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusedError, SignedOutError, UnavailableError } from '../src/index.js';
import { FakeBrowser, type Tab } from './fakes/fakeBrowser.js';
import { json } from './fakes/fakeService.js';

async function signedIn(): Promise<{ browser: FakeBrowser; tab: Tab; other: Tab; until: <T>(promise: Promise<T>) => Promise<T> }> {
  const browser = new FakeBrowser();
  browser.service.begin('ann'); // on her telephone
  const [tab, other] = [browser.openTab(), browser.openTab()];
  await browser.world.until(tab.auth.signIn('ann', 'right'));
  await browser.world.rest();
  return { browser, tab, other, until: promise => browser.world.until(promise) };
}

test('The sessions are listed and counted', async () => {
  const { tab: { auth }, until } = await signedIn();
  const sessions = await until(auth.sessions.list());
  assert.deepEqual(sessions.map(session => session.current), [false, true]);
  assert.deepEqual(await until(auth.sessions.listActive()), sessions);
  assert.equal(await until(auth.sessions.countActive()), 2);
});

test('Another session is revoked, and this one stays', async () => {
  const { tab: { auth }, until } = await signedIn();
  const [phone] = await until(auth.sessions.list());
  await until(auth.sessions.revoke(phone!.sessionId));
  assert.equal(await until(auth.sessions.countActive()), 1);
  await assert.rejects(
    until(auth.sessions.revoke(phone!.sessionId)),
    error => error instanceof RefusedError && error.status === 404 && error.code === 'SESSION_NOT_FOUND');
});

test('The name of a session cannot lead elsewhere', async () => {
  const { browser, tab: { auth }, until } = await signedIn();
  await assert.rejects(until(auth.sessions.revoke('../sessions/all')), RefusedError);
  assert.equal(browser.service.calls.at(-1)!.path, '/account/auth/sessions/..%2Fsessions%2Fall');
});

test('All others are revoked, and this one stays', async () => {
  const { tab: { auth }, until } = await signedIn();
  await until(auth.sessions.revokeOthers());
  assert.deepEqual((await until(auth.sessions.list())).map(session => session.current), [true]);
});

for (const how of ['this one', 'all'] as const) {
  test(`Revoking ${how} signs out all tabs`, async () => {
    const { browser, tab, other, until } = await signedIn();
    await until(how === 'all' ? tab.auth.sessions.revokeAll() : tab.auth.sessions.revoke('session-3'));
    await browser.world.rest();
    await assert.rejects(until(tab.auth.getAccessToken()), SignedOutError);
    assert.deepEqual([tab.news, other.news], [['ann', null], ['ann', null]]);
    assert.equal(browser.storage.size, 0);
  });
}

test('Who revokes all sessions ends nothing of somebody else who signs in meanwhile', async () => {
  const delays: number[] = [];
  const browser = new FakeBrowser({ networkDelay: () => delays.shift() ?? 10 });
  const [tab, other] = [browser.openTab(), browser.openTab()];
  await browser.world.until(tab.auth.signIn('ann', 'right'));
  await browser.world.rest();

  delays.push(10, 1_000); // the answer is late
  const revoking = tab.auth.sessions.revokeAll();
  await browser.world.pass(20);
  await browser.world.until(other.auth.signIn('bob', 'right'));
  await browser.world.until(revoking);
  await browser.world.rest();

  assert.deepEqual([tab.news, other.news], [['ann', null, 'bob'], ['ann', null, 'bob']]);
  await browser.world.pass(11 * 60_000); // the access token has expired, and only the cookie gives another
  const identities = [tab, other, browser.openTab()].map(each => each.auth.getIdentity());
  assert.deepEqual((await browser.world.until(Promise.all(identities))).map(identity => identity?.id), ['bob', 'bob', 'bob']);
});

for (const how of ['this one', 'all'] as const) {
  test(`Revoking ${how} as the first thing after a reload signs out all tabs`, async () => {
    const { browser, tab, until } = await signedIn();
    const reloaded = browser.openTab();
    await until(how === 'all' ? reloaded.auth.sessions.revokeAll() : reloaded.auth.sessions.revoke('session-3'));
    await browser.world.rest();
    assert.deepEqual([tab.news.at(-1), reloaded.news.at(-1), browser.storage.size], [null, null, 0]);
  });
}

test('A one-time token is asked for its scopes', async () => {
  const { browser, tab: { auth }, until } = await signedIn();
  const token = await until(auth.requestOneTimeToken('shop.orders:write', 'shop.cart:read'));
  assert.equal(token.jti, 'jti-1');
  assert.ok(browser.service.accepts(token.accessToken));
  assert.equal(browser.service.calls.at(-1)!.body, '{"audience":"shop.orders:write,shop.cart:read"}');
});

test('Refusals of these calls are errors of their own', async () => {
  const { browser, tab: { auth }, until } = await signedIn();
  browser.service.instead.push(json({ why: 'A requested scope is not allowed', errorCode: 'SCOPE_NOT_ALLOWED' }, 403));
  await assert.rejects(until(auth.requestOneTimeToken('all:write')), error => error instanceof RefusedError && error.code === 'SCOPE_NOT_ALLOWED');
  browser.service.instead.push(new TypeError('Failed to fetch'));
  await assert.rejects(until(auth.sessions.list()), UnavailableError);
});
