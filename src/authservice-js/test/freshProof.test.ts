import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  LockedError, PasskeysUnavailableError, SignedOutError, UnavailableError, WrongCodeError, WrongPasskeyError, WrongPasswordError, type Proof,
  type ProofRequest,
} from '../src/index.js';
import { FakeBrowser, pageOrigin, type Tab } from './fakes/fakeBrowser.js';
import { json } from './fakes/fakeService.js';

const secret = `${pageOrigin}/secret`;
const question = (refusal: ProofRequest['refusal'] = null): ProofRequest => ({ wanted: 'password', orPasskey: false, refusal });

interface Scene {
  readonly browser: FakeBrowser;
  readonly tab: Tab;
  readonly asked: ProofRequest[];
  change(body?: string): Promise<Response>;
}

/** Ann is signed in; her answers are given one after the other. */
async function signedIn(...answers: (Proof | null)[]): Promise<Scene> {
  const browser = new FakeBrowser();
  const asked: ProofRequest[] = [];
  const tab = browser.openTab({
    askForProof: async request => {
      asked.push(request);
      await browser.world.delay(60_000); // people take their time
      return answers.shift() ?? null;
    },
  });
  await browser.world.until(tab.auth.signIn('ann', 'right'));
  await browser.world.rest();
  return { browser, tab, asked, change: body => browser.world.until(tab.auth.fetch(secret, { method: 'POST', body: body ?? 'x' })) };
}

test('A call that needs a fresh proof is sent once more when it was given', async () => {
  const { browser, asked, change } = await signedIn({ password: 'right' });

  const response = await change('two pears');

  assert.deepEqual([response.status, await response.json()], [200, { done: 'two pears' }]);
  assert.deepEqual(asked, [question()]);
  assert.deepEqual([browser.service.countOf('/secret'), browser.service.countOf('/auth/reauthenticate'), browser.service.refreshes], [2, 1, 0]);
  assert.equal((await change()).status, 200);
  assert.equal(asked.length, 1);
});

test('In a session that is older than the app the code is asked for after the password', async () => {
  const { browser, asked, change } = await signedIn({ password: 'right' }, { verificationCode: '123456' });
  browser.service.guarded.add('ann');
  browser.service.newApps.add('ann');

  const response = await change('two pears');

  assert.deepEqual([response.status, await response.json()], [200, { done: 'two pears' }]);
  assert.deepEqual(asked, [question(), { ...question(), wanted: 'verificationCode' }]);
  assert.equal(browser.service.countOf('/secret'), 3);
});

test('The token with the proof is used from then on, in all tabs', async () => {
  const { browser, tab, change } = await signedIn({ password: 'right' });
  const other = browser.openTab();
  const before = await browser.world.until(tab.auth.getAccessToken());

  await change();
  await browser.world.rest();

  const after = await browser.world.until(tab.auth.getAccessToken());
  assert.notEqual(after, before);
  assert.equal(await browser.world.until(other.auth.getAccessToken()), after);
});

test('Who has a second factor is asked for a code', async () => {
  const { browser, asked, change } = await signedIn({ verificationCode: '123456' });
  browser.service.guarded.add('ann');
  assert.equal((await change()).status, 200);
  assert.deepEqual(asked, [{ wanted: 'verificationCode', orPasskey: false, refusal: null }]);
});

test('Who has a passkey alone is asked for it', async () => {
  const { browser, tab, asked, change } = await signedIn({ passkey: true }, { passkey: true });
  await browser.world.until(tab.auth.passkeys.add());

  browser.device.failures.push('NotAllowedError');
  assert.equal((await change()).status, 401);
  assert.equal((await change()).status, 200);

  assert.deepEqual(asked, Array(2).fill({ wanted: 'passkey', orPasskey: false, refusal: null }));
  assert.deepEqual(JSON.parse(browser.service.calls.at(-2)!.body), { challengeId: 'passkey challenge 3', credential: { id: 'passkey-of-ann' } });
});

test('Who has an app as well may give either', async () => {
  const { browser, tab, asked, change } = await signedIn({ verificationCode: '000000' }, { passkey: true });
  browser.service.guarded.add('ann');
  await browser.world.until(tab.auth.passkeys.add());
  assert.equal((await change()).status, 200);
  assert.deepEqual([asked[0], asked[1]!.orPasskey], [{ wanted: 'verificationCode', orPasskey: true, refusal: null }, true]);
});

test('A passkey that is refused, and a page that has none, are told', async () => {
  const { browser, tab, asked, change } = await signedIn({ passkey: true }, { passkey: true }, null);
  await browser.world.until(tab.auth.passkeys.add());
  const { use } = browser.service.passkeys;
  browser.service.passkeys.use = () => {
    Object.assign(browser.service.passkeys, { use });
    browser.device.failures.push('SecurityError');
    return undefined;
  };

  assert.equal((await change()).status, 401);

  assert.ok(asked[1]!.refusal instanceof WrongPasskeyError && asked[2]!.refusal instanceof PasskeysUnavailableError);
});

test('A proof that is refused is asked for again, with the reason', async () => {
  const { browser, asked, change } = await signedIn({ password: 'wrong' }, { password: 'right' });
  assert.equal((await change()).status, 200);
  assert.ok(asked[1]!.refusal instanceof WrongPasswordError);
  assert.deepEqual([asked.length, browser.service.countOf('/auth/reauthenticate')], [2, 2]);
});

test('Wrong codes, locks and trouble are told as they are', async () => {
  const { browser, asked, change } = await signedIn({ verificationCode: '000000' }, { verificationCode: '1' }, { verificationCode: '1' }, null);
  browser.service.guarded.add('ann');
  const instead = new Map<number, Response | Error>([
    [1, json({ why: 'Too many wrong codes', errorCode: 'SECOND_FACTOR_LOCKED' }, 429)], [2, new TypeError('Failed to fetch')],
  ]);
  const { answer } = browser.service;
  browser.service.answer = async function (request, ...rest) {
    const other = request.url.endsWith('/auth/reauthenticate') ? instead.get(asked.length - 1) : undefined;
    if (other)
      this.instead.push(other);
    return answer.call(this, request, ...rest);
  };

  assert.equal((await change()).status, 401);

  const [, first, second, third] = asked.map(request => request.refusal);
  assert.ok(first instanceof WrongCodeError && second instanceof LockedError && third instanceof UnavailableError);
});

test('Who would rather not gets the 401, and so does a page that does not ask', async () => {
  const { browser, change } = await signedIn();
  const response = await change();
  assert.equal(response.status, 401);
  assert.match(response.headers.get('WWW-Authenticate')!, /insufficient_user_authentication/);
  assert.deepEqual([browser.service.countOf('/secret'), browser.service.refreshes], [1, 0]);

  const { auth } = browser.openTab();
  assert.equal((await browser.world.until(auth.fetch(secret, { method: 'POST' }))).status, 401);
});

test('Several calls that wait for a proof ask for it once', async () => {
  const { browser, tab, asked } = await signedIn({ password: 'right' });
  const call = (): Promise<Response> => tab.auth.fetch(secret, { method: 'POST' });
  const answers = await browser.world.until(Promise.all([call(), call(), call()]));
  assert.deepEqual([answers.map(answer => answer.status), asked.length], [[200, 200, 200], 1]);
});

test('A proof that does not help is asked for once', async () => {
  const { browser, asked, change } = await signedIn({ password: 'right' }, { password: 'right' });
  const needed = (): Response => json({}, 401, { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication"' });
  const { answer } = browser.service;
  browser.service.answer = async function (request, ...rest) {
    return request.url === secret ? needed() : answer.call(this, request, ...rest);
  };
  assert.equal((await change()).status, 401);
  assert.equal(asked.length, 1);
});

test('A token that is refused is renewed first, and then the proof is asked for', async () => {
  const { browser, change } = await signedIn({ password: 'right' });
  browser.service.instead.push(json({}, 401));
  assert.equal((await change('two pears')).status, 200);
  assert.deepEqual([browser.service.countOf('/secret'), browser.service.refreshes], [3, 1]);
});

test('A session that ends while the person is asked signs out', async () => {
  const { browser, tab, change } = await signedIn({ password: 'right' }, { password: 'right' });
  const pending = assert.rejects(change(), SignedOutError);
  await browser.world.pass(1_000);
  browser.service.endAll();
  await pending;
  await browser.world.rest();
  assert.deepEqual(tab.news, ['ann', null]);
});

test('Where nothing but another sign-in is a proof nobody is asked, and the 401 is the answer', async () => {
  const { browser, asked, change } = await signedIn({ password: 'right' });
  browser.service.federated.add('ann');

  assert.equal((await change()).status, 401);

  assert.deepEqual([asked, browser.service.countOf('/auth/reauthenticate')], [[], 0]);
});

test('What somebody else proves who has signed in meanwhile is no proof for the call', async () => {
  const { browser, tab, asked, change } = await signedIn({ password: 'right' }, { password: 'right' });
  const pending = tab.auth.fetch(secret, { method: 'POST', body: 'of Ann' });
  await browser.world.pass(1_000);
  await browser.world.until(browser.openTab().auth.signIn('bob', 'right'));

  assert.equal((await browser.world.until(pending)).status, 401);

  assert.deepEqual([asked.length, browser.service.countOf('/auth/reauthenticate'), browser.service.countOf('/secret')], [1, 0, 1]);
  assert.equal((await change()).status, 200);
  assert.deepEqual(tab.news, ['ann', 'bob']);
});

test('A proof that somebody else was asked for is none for a call that waits for it too', async () => {
  const { browser, tab, asked } = await signedIn({ password: 'right' });
  const pending = tab.auth.fetch(secret, { method: 'POST', body: 'of Ann' });
  await browser.world.pass(1_000);
  await browser.world.until(browser.openTab().auth.signIn('bob', 'right'));
  await browser.world.pass(1_000);
  const other = tab.auth.fetch(secret, { method: 'POST', body: 'of Bob' });
  const answers = await browser.world.until(Promise.all([pending, other]));
  assert.deepEqual([...answers.map(answer => answer.status), asked.length], [401, 401, 1]);
  assert.equal(browser.service.countOf('/auth/reauthenticate'), 0);
});
