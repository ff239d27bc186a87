import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LockedError, RefusedError, SecondFactorOwed, SignedOutError, UnavailableError, WrongPasswordError } from '../src/index.js';
import { FakeBrowser } from './fakes/fakeBrowser.js';
import { json } from './fakes/fakeService.js';

test('A sign-in tells who it is and gives an access token without another call', async () => {
  const browser = new FakeBrowser();
  const { auth, news } = browser.openTab();

  const identity = await browser.world.until(auth.signIn('ann', 'right', { publicComputer: true }));
  const token = await browser.world.until(auth.getAccessToken());

  assert.ok(!(identity instanceof SecondFactorOwed));
  assert.deepEqual(
    [identity.id, identity.role, identity.sessionId, identity.scopes, identity.email, identity.actor],
    ['ann', 'USER', 'session-1', ['all:write'], null, null]);
  assert.ok(browser.service.accepts(token));
  assert.equal(browser.service.calls.length, 1);
  assert.equal(browser.service.calls[0]!.body, 'username=ann&password=right&service=web&publicComputer=true');
  assert.equal(browser.service.calls[0]!.headers.get('Accept'), 'application/json');
  assert.deepEqual(news, ['ann']);
});

test('Only the CSRF token is stored', async () => {
  const browser = new FakeBrowser();
  await browser.world.until(browser.openTab().auth.signIn('ann', 'right'));
  assert.deepEqual([...browser.storage.entries()], [['authservice https://auth.example csrfToken', 'csrf-1']]);
});

test('A wrong password, a lock and a refusal are errors of their own', async () => {
  const browser = new FakeBrowser();
  const { auth } = browser.openTab();
  const signInGiven = (answer?: Response): Promise<unknown> => {
    if (answer)
      browser.service.instead.push(answer);
    return browser.world.until(auth.signIn('ann', 'wrong'));
  };
  const locked = { why: 'Too many failed sign-ins', errorCode: 'SIGN_IN_LOCKED' };

  await assert.rejects(signInGiven(), error => error instanceof WrongPasswordError && error.name === 'WrongPasswordError');
  await assert.rejects(signInGiven(json(locked, 429, { 'Retry-After': '25' })), error => error instanceof LockedError && error.seconds === 25);
  await assert.rejects(signInGiven(json(locked, 429)), error => error instanceof LockedError && error.seconds === null);
  await assert.rejects(
    signInGiven(json({ why: 'This origin is not trusted', errorCode: 'UNTRUSTED_ORIGIN' }, 403)),
    error => error instanceof RefusedError && error.status === 403 && error.code === 'UNTRUSTED_ORIGIN' && error.message === 'This origin is not trusted');
});

test('A service in trouble is not a wrong password', async () => {
  const browser = new FakeBrowser();
  const { auth } = browser.openTab();
  const unavailable = async (answer: Response | Error, seconds: number): Promise<void> => {
    browser.service.instead.push(answer);
    await assert.rejects(
      browser.world.until(auth.signIn('ann', 'right')),
      error => error instanceof UnavailableError && error.retryAfterSeconds === seconds);
  };

  await unavailable(json({ why: 'Too many requests', errorCode: 'TOO_MANY_REQUESTS' }, 429, { 'Retry-After': '7' }), 7);
  await unavailable(json({}, 503, { 'Retry-After': '30' }), 30);
  await unavailable(new Response('<h1>Bad gateway</h1>', { status: 502 }), 2);
  await unavailable(new TypeError('Failed to fetch'), 2);
  await unavailable(new Response('<h1>Welcome to our WLAN</h1>'), 2);
  await unavailable(json({ accessToken: 7 }), 2);
  await unavailable(json({ accessToken: 'no JWT', csrfToken: 'c' }), 2);
  assert.ok(await browser.world.until(auth.signIn('ann', 'right')));
});

test('Before a sign-in nobody is signed in, and the service is not asked', async () => {
  const browser = new FakeBrowser();
  const { auth, news } = browser.openTab();

  await assert.rejects(browser.world.until(auth.getAccessToken()), SignedOutError);

  assert.equal(await browser.world.until(auth.getIdentity()), null);
  assert.equal(browser.service.calls.length, 0);
  assert.deepEqual(news, [null]);
});

test('A page that answers a sign-out signs nobody out', async () => {
  const browser = new FakeBrowser();
  const [one, two] = [browser.openTab(), browser.openTab()];
  await browser.world.until(one.auth.signIn('ann', 'right'));
  for (const answer of [new Response('<h1>Sign in to our WLAN</h1>'), new Response(null), json({})]) {
    browser.service.instead.push(answer);
    await assert.rejects(browser.world.until(one.auth.signOut()), UnavailableError);
  }
  await browser.world.rest();
  assert.deepEqual([one.news, two.news], [['ann'], ['ann']]);
  assert.equal((await browser.world.until(two.auth.getIdentity()))?.id, 'ann');

  await browser.world.until(one.auth.signOut());
  assert.equal(await browser.world.until(one.auth.getIdentity()), null);
});

test('Signing in as somebody else changes all tabs', async () => {
  const browser = new FakeBrowser();
  const [one, two] = [browser.openTab(), browser.openTab()];
  await browser.world.until(one.auth.signIn('ann', 'right'));
  await browser.world.rest();

  await browser.world.until(two.auth.signIn('bob', 'right'));
  await browser.world.rest();

  assert.deepEqual([one.news, two.news], [['ann', 'bob'], ['ann', 'bob']]);
  assert.equal((await browser.world.until(one.auth.getIdentity()))?.id, 'bob');
  assert.equal(browser.service.refreshes, 0);
});
