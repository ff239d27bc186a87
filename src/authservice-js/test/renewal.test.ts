import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusedError, SignedOutError, UnavailableError } from '../src/index.js';
import { FakeBrowser, type Abilities, type Tab } from './fakes/fakeBrowser.js';
import { json } from './fakes/fakeService.js';

const minute = 60_000;

async function signedIn(abilities: Abilities = {}): Promise<{ browser: FakeBrowser; tab: Tab; token: () => Promise<string> }> {
  const browser = new FakeBrowser(abilities);
  const tab = browser.openTab();
  await browser.world.until(tab.auth.signIn('ann', 'right'));
  await browser.world.rest();
  return { browser, tab, token: () => browser.world.until(tab.auth.getAccessToken()) };
}

test('A fresh token is given again', async () => {
  const { browser, token } = await signedIn();
  const first = await token();
  await browser.world.pass(8.9 * minute);
  assert.equal(await token(), first);
  await browser.world.rest();
  assert.equal(browser.service.refreshes, 0);
});

test('In its last minute it is given still, while the next one is fetched', async () => {
  const { browser, token } = await signedIn();
  const first = await token();
  await browser.world.pass(9.1 * minute);

  assert.equal(await token(), first);
  await browser.world.rest();

  assert.notEqual(await token(), first);
  assert.equal(browser.service.refreshes, 1);
});

test('In its last seconds it is not given any more', async () => {
  const { browser, token } = await signedIn();
  const first = await token();
  await browser.world.pass(9.9 * minute);
  assert.notEqual(await token(), first);
  assert.equal(browser.service.refreshes, 1);
});

test('Many calls at once share one refresh, also where there is no lock', async () => {
  for (const abilities of [{}, { locks: false }]) {
    const { browser, tab } = await signedIn(abilities);
    await browser.world.pass(11 * minute);
    const tokens = await browser.world.until(Promise.all(Array.from({ length: 20 }, () => tab.auth.getAccessToken())));
    assert.equal(new Set(tokens).size, 1);
    assert.equal(browser.service.refreshes, 1);
  }
});

test('A page that nobody uses does not refresh', async () => {
  const { browser } = await signedIn();
  await browser.world.pass(60 * minute);
  assert.equal(browser.service.refreshes, 0);
});

for (const skew of [-3 * 60 * minute, 3 * 60 * minute]) {
  test(`A server clock that is ${skew / minute} minutes off does not matter`, async () => {
    const browser = new FakeBrowser();
    browser.service.skew = skew;
    const { auth } = browser.openTab();
    await browser.world.until(auth.signIn('ann', 'right'));
    await browser.world.pass(5 * minute);
    const first = await browser.world.until(auth.getAccessToken());
    assert.equal(browser.service.refreshes, 0);
    await browser.world.pass(5 * minute);
    const second = await browser.world.until(auth.getAccessToken());

    assert.notEqual(second, first);
    assert.ok(browser.service.accepts(second));
    assert.equal(browser.service.refreshes, 1);
  });
}

test('Neither a wall clock that is set back nor a monotonic clock that slept makes a token look young', async () => {
  for (const clock of ['wallShift', 'monotonicShift'] as const) {
    const { browser, tab, token } = await signedIn();
    const first = await token();
    await browser.world.pass(11 * minute);
    tab[clock] = -10 * minute;
    assert.notEqual(await token(), first, clock);
  }
});

test('After a reload the token comes from the cookie', async () => {
  const { browser } = await signedIn();
  const { auth, news } = browser.openTab();
  assert.equal((await browser.world.until(auth.getIdentity()))?.id, 'ann');
  assert.equal(browser.service.refreshes, 1);
  assert.deepEqual(news, ['ann']);
});

test('A session that has ended elsewhere is noticed with the next refresh', async () => {
  const { browser, tab, token } = await signedIn();
  browser.service.endAll();
  await browser.world.pass(11 * minute);

  await assert.rejects(token(), SignedOutError);
  await assert.rejects(token(), SignedOutError);

  assert.equal(browser.service.refreshes, 1);
  assert.equal(browser.storage.size, 0);
  assert.deepEqual(tab.news, ['ann', null]);
});

test('The error says why the session ended, until somebody signs in', async () => {
  const { browser, tab, token } = await signedIn();
  browser.service.endAll({ why: 'The session ended because the password was changed', errorCode: 'PASSWORD_CHANGED' });
  await browser.world.pass(11 * minute);

  for (let i = 0; i < 2; i++)
    await assert.rejects(token(), { name: 'SignedOutError', reason: 'PASSWORD_CHANGED', message: 'The session ended because the password was changed' });

  await browser.world.until(tab.auth.signIn('ann', 'right'));
  await browser.world.until(tab.auth.signOut());
  await assert.rejects(token(), { name: 'SignedOutError', reason: null, message: 'Nobody is signed in' });
});

test('A session that ended without a known reason has none', async () => {
  const { browser, token } = await signedIn();
  browser.service.endAll();
  await browser.world.pass(11 * minute);
  await assert.rejects(token(), { name: 'SignedOutError', reason: null, message: 'Nobody is signed in' });
});

test('A cookie that is gone is signed out', async () => {
  const { browser, token } = await signedIn();
  browser.refreshToken = undefined;
  await browser.world.pass(11 * minute);
  await assert.rejects(token(), SignedOutError);
});

test('While the service is away a token in its last minute still serves', async () => {
  const { browser, token } = await signedIn();
  const first = await token();
  await browser.world.pass(9.1 * minute);
  browser.service.instead.push(json({}, 503));
  assert.equal(await token(), first);
  await browser.world.pass(1000);
  assert.equal(await token(), first);
  assert.equal(browser.service.refreshes, 1);
});

test('A service in trouble is left alone for as long as it asks, and nobody is signed out', async () => {
  const { browser, tab, token } = await signedIn();
  await browser.world.pass(11 * minute);
  browser.service.instead.push(json({}, 503, { 'Retry-After': '10' }));

  await assert.rejects(token(), error => error instanceof UnavailableError && error.retryAfterSeconds === 10);
  await browser.world.pass(4000);
  await assert.rejects(token(), error => error instanceof UnavailableError && error.retryAfterSeconds > 5 && error.retryAfterSeconds <= 6);
  assert.equal(browser.service.refreshes, 1);
  await browser.world.pass(6000);

  assert.ok(browser.service.accepts(await token()));
  assert.equal(browser.service.refreshes, 2);
  assert.deepEqual(tab.news, ['ann']);
});

test('A proxy that asks for an hour is left alone for a minute', async () => {
  const { browser, token } = await signedIn();
  await browser.world.pass(11 * minute);
  browser.service.instead.push(json({}, 503, { 'Retry-After': '3600' }));
  await assert.rejects(token(), UnavailableError);
  await browser.world.pass(59_000);
  await assert.rejects(token(), UnavailableError);
  await browser.world.pass(1000);
  assert.ok(browser.service.accepts(await token()));
});

test('A sign-in shows that the service is back', async () => {
  const { browser, tab, token } = await signedIn();
  await browser.world.pass(11 * minute);
  browser.service.instead.push(json({}, 503, { 'Retry-After': '3600' }));
  await assert.rejects(token(), UnavailableError);
  await browser.world.until(tab.auth.signIn('ann', 'right'));
  await browser.world.pass(11 * minute);
  assert.ok(browser.service.accepts(await token()));
});

test('An untrusted origin is told as such, and asked about again', async () => {
  const { browser, token } = await signedIn();
  await browser.world.pass(11 * minute);
  browser.service.instead.push(json({ why: 'This origin is not trusted', errorCode: 'UNTRUSTED_ORIGIN' }, 403));
  await assert.rejects(token(), error => error instanceof RefusedError && error.code === 'UNTRUSTED_ORIGIN');
  assert.ok(await token());
});

test('Whether somebody is signed in is unknown while the service is away', async () => {
  const { browser } = await signedIn();
  const { auth } = browser.openTab();
  browser.service.instead.push(new TypeError('Failed to fetch'));
  await assert.rejects(browser.world.until(auth.getIdentity()), UnavailableError);
});

test('A token whose lifetime cannot be read is requested each time', async () => {
  const { browser, token } = await signedIn();
  browser.service.lifetimeSeconds = NaN;
  await browser.world.pass(11 * minute);
  await token();
  await token();
  assert.equal(browser.service.refreshes, 2);
});

test('Where the browser keeps nothing for the page the session lasts as long as the page', async () => {
  const { browser, token } = await signedIn({ storage: false });
  await browser.world.pass(11 * minute);
  assert.ok(browser.service.accepts(await token()));
  await assert.rejects(browser.world.until(browser.openTab().auth.getAccessToken()), SignedOutError);
});

test('Where looking at the storage is forbidden it is the same', async () => {
  const { browser, token, tab } = await signedIn({ storage: 'forbidden' });
  await browser.world.pass(11 * minute);
  assert.ok(browser.service.accepts(await token()));
  await browser.world.until(tab.auth.signOut());
  await assert.rejects(token(), SignedOutError);
});

test('A CSRF token that the service has changed is kept', async () => {
  const { browser, token } = await signedIn();
  const { csrfToken, accessToken, refreshToken } = browser.service.begin('ann');
  browser.service.instead.push(json({ csrfToken, accessToken }));
  await browser.world.pass(11 * minute);
  browser.refreshToken = refreshToken;
  assert.equal(await token(), accessToken);
  assert.deepEqual([...browser.storage.values()], [csrfToken]);
});

test('A listener that has stopped hears no more', async () => {
  const { browser, tab } = await signedIn();
  const heard: unknown[] = [];
  tab.auth.onChange(identity => heard.push(identity))();
  await browser.world.until(tab.auth.signOut());
  assert.deepEqual([heard, tab.news], [[], ['ann', null]]);
});
