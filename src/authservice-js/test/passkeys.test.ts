import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  PasskeyExistsError, PasskeysUnavailableError, RefusedError, SignedOutError, UnavailableError, WrongPasskeyError, type PasskeySignInOptions,
} from '../src/index.js';
import { FakeBrowser, type Tab } from './fakes/fakeBrowser.js';
import { json } from './fakes/fakeService.js';

interface Scene {
  readonly browser: FakeBrowser;
  readonly tab: Tab;
  readonly other: Tab;
  until<T>(promise: Promise<T>): Promise<T>;
  signIn(options?: PasskeySignInOptions): Promise<string | undefined>;
}

/** Ann has made a passkey on this device and signed out again. */
async function withPasskey(): Promise<Scene> {
  const browser = new FakeBrowser();
  const [tab, other] = [browser.openTab(), browser.openTab()];
  const until = <T>(promise: Promise<T>): Promise<T> => browser.world.until(promise);
  await until(tab.auth.signIn('ann', 'right'));
  await until(tab.auth.passkeys.add());
  await until(tab.auth.signOut());
  await browser.world.rest();
  return { browser, tab, other, until, signIn: async options => (await until(tab.auth.signInWithPasskey(options)))?.id };
}

test('A passkey signs in, in all tabs', async () => {
  const { browser, tab, other, until, signIn } = await withPasskey();

  assert.equal(await signIn({ publicComputer: true }), 'ann');
  await browser.world.rest();

  const { path, body } = browser.service.calls.at(-1)!;
  assert.equal(path, '/auth/passkeys/login');
  assert.deepEqual(JSON.parse(body), { challengeId: 'passkey challenge 2', credential: { id: 'passkey-of-ann' }, service: 'web', publicComputer: true });
  assert.deepEqual([tab.news.at(-1), other.news.at(-1)], ['ann', 'ann']);
  assert.ok(browser.service.accepts(await until(other.auth.getAccessToken())));
});

for (const failure of ['NotAllowedError', 'AbortError']) {
  test(`Who closes what the browser shows (${failure}) is not signed in, and nothing is an error`, async () => {
    const { browser, tab, signIn } = await withPasskey();
    browser.device.failures.push(failure);
    assert.equal(await signIn(), undefined);
    assert.deepEqual([browser.service.countOf('/auth/passkeys/login'), tab.news.at(-1)], [0, null]);
  });
}

test('A passkey is offered among the names, and the tabs go on meanwhile', async () => {
  const { browser, tab, other, until } = await withPasskey();

  const offer = tab.auth.signInWithPasskey({ conditional: true });
  await browser.world.rest();
  assert.equal(browser.device.prompts[0]!.mediation, 'conditional');
  await until(other.auth.signIn('bob', 'right'));
  browser.device.choose();

  assert.equal((await until(offer))?.id, 'ann');
});

test('The signal takes an offer back, whatever its reason', async () => {
  const { browser, tab, until, signIn } = await withPasskey();
  for (const reason of [undefined, new Error('The page is left')]) {
    const offering = new AbortController();
    const offer = tab.auth.signInWithPasskey({ conditional: true, signal: offering.signal });
    await browser.world.rest();
    offering.abort(reason);
    assert.equal(await until(offer), null);
  }
  assert.equal(await signIn({ signal: AbortSignal.abort() }), undefined);
  assert.equal(browser.service.countOf('/auth/passkeys/login'), 0);
});

test('A browser that offers none among the names is not asked', async () => {
  const { browser, signIn } = await withPasskey();
  browser.device.offersAmongNames = false;
  assert.equal(await signIn({ conditional: true }), undefined);
  assert.deepEqual([browser.device.prompts.length, browser.service.countOf('/auth/passkeys/options')], [0, 0]);
});

test('A browser that says only when it is asked that it offers none among the names is not complained about', async () => {
  const { browser, signIn } = await withPasskey();
  browser.device.failures.push('NotSupportedError', 'NotSupportedError');

  assert.equal(await signIn({ conditional: true }), undefined);
  await assert.rejects(signIn(), PasskeysUnavailableError);
});

test('A passkey that is not known any more, a lock and trouble are errors of their own', async () => {
  const { browser, signIn } = await withPasskey();
  browser.service.passkeys.of('ann').pop();
  await assert.rejects(signIn(), error => error instanceof WrongPasskeyError && error.name === 'WrongPasskeyError');
  browser.service.instead.push(json({ why: 'Unknown service', errorCode: 'BAD_REQUEST' }, 400));
  await assert.rejects(signIn(), error => error instanceof RefusedError && error.status === 400);
  browser.service.instead.push(new TypeError('Failed to fetch'));
  await assert.rejects(signIn(), UnavailableError);
});

test('A page of another site, and a browser without passkeys, are told apart from a wrong one', async () => {
  const { browser, signIn } = await withPasskey();
  browser.device.failures.push('SecurityError');
  await assert.rejects(signIn(), error => error instanceof PasskeysUnavailableError && (error.cause as Error).name === 'SecurityError');

  const old = new FakeBrowser({ passkeys: false });
  const { auth } = old.openTab();
  assert.equal(auth.passkeys.areSupported, false);
  assert.equal(await old.world.until(auth.signInWithPasskey({ conditional: true })), null);
  await assert.rejects(old.world.until(auth.signInWithPasskey()), PasskeysUnavailableError);
});

test('Passkeys are made, listed, renamed and removed', async () => {
  const { browser, tab: { auth }, until, signIn } = await withPasskey();
  await signIn();
  browser.service.passkeys.of('ann').pop();
  const before = await until(auth.getAccessToken());

  const made = await until(auth.passkeys.add('Laptop'));
  assert.deepEqual(made, { id: 'passkey-of-ann', name: 'Laptop', createdAt: 1, lastUsedAt: null, synced: false });
  assert.notEqual(await until(auth.getAccessToken()), before); // the next token says that there are two factors
  await until(auth.passkeys.rename(made!.id, 'Old laptop'));
  assert.deepEqual(await until(auth.passkeys.list()), [{ ...made, name: 'Old laptop' }]);
  await until(auth.passkeys.remove(made!.id));

  assert.deepEqual(await until(auth.passkeys.list()), []);
  await assert.rejects(until(auth.passkeys.remove('../auth/sessions/all')), error => error instanceof RefusedError && error.status === 404);
  assert.equal(browser.service.calls.at(-1)!.path, '/account/passkeys/..%2Fauth%2Fsessions%2Fall');
});

test('A device that has one already, a refusal and a change of mind make none', async () => {
  const { browser, tab: { auth }, until, signIn } = await withPasskey();
  await assert.rejects(until(auth.passkeys.add()), SignedOutError);
  await signIn();

  await assert.rejects(until(auth.passkeys.add()), error => error instanceof PasskeyExistsError && error.name === 'PasskeyExistsError');
  browser.device.failures.push('NotAllowedError');
  assert.equal(await until(auth.passkeys.add()), null);
  browser.service.passkeys.add = () => json({ message: 'Incorrect passkey', status: 'INCORRECT_PASSKEY' }, 403);
  browser.service.passkeys.of('ann').pop();
  await assert.rejects(until(auth.passkeys.add()), WrongPasskeyError);

  assert.deepEqual(await until(auth.passkeys.list()), []);
});
