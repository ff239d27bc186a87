import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignedOutError, UnavailableError } from '../src/index.js';
import { FakeBrowser, pageOrigin, type Tab } from './fakes/fakeBrowser.js';
import { json } from './fakes/fakeService.js';

const minute = 60_000;
const orders = `${pageOrigin}/orders`;

async function signedIn(options: Parameters<FakeBrowser['openTab']>[0] = {}): Promise<{ browser: FakeBrowser; tab: Tab; fetch: AuthFetch }> {
  const browser = new FakeBrowser();
  const tab = browser.openTab(options);
  await browser.world.until(tab.auth.signIn('ann', 'right'));
  await browser.world.rest();
  return { browser, tab, fetch: (input, init) => browser.world.until(tab.auth.fetch(input, init)) };
}

type AuthFetch = Tab['auth']['fetch'];

test('fetch sends the access token along with everything else', async () => {
  const { browser, fetch } = await signedIn();

  const response = await fetch(orders, { method: 'PUT', body: 'two pears', headers: { 'X-Cart': '7' } });

  const { body, headers } = browser.service.calls.at(-1)!;
  assert.deepEqual(await response.json(), { hello: 'ann' });
  assert.deepEqual([body, headers.get('X-Cart'), headers.get('Authorization')?.slice(0, 12)], ['two pears', '7', 'Bearer head.']);
});

test('A 401 is tried once more with a new token and the same body', async () => {
  const { browser, fetch } = await signedIn();
  browser.service.instead.push(json({}, 401));

  const response = await fetch(new Request(orders, { method: 'POST', body: 'two pears' }));

  assert.equal(response.status, 200);
  const calls = browser.service.calls.filter(call => call.path === '/orders');
  assert.deepEqual(calls.map(call => call.body), ['two pears', 'two pears']);
  assert.notEqual(calls[0]!.headers.get('Authorization'), calls[1]!.headers.get('Authorization'));
  assert.equal(browser.service.refreshes, 1);
});

test('A 401 without a body is tried once more too', async () => {
  const { browser, fetch } = await signedIn();
  browser.service.instead.push(new Response(null, { status: 401 }));
  assert.equal((await fetch(orders)).status, 200);
});

test('A second 401 is the answer', async () => {
  const { browser, fetch } = await signedIn();
  browser.service.instead.push(json({}, 401), json({ accessToken: (await browser.service.begin('ann')).accessToken, csrfToken: 'csrf-1' }), json({}, 401));
  assert.equal((await fetch(orders)).status, 401);
  assert.deepEqual([browser.service.countOf('/orders'), browser.service.refreshes], [2, 1]);
});

test('Other refusals are the answer at once', async () => {
  const { browser, fetch } = await signedIn();
  browser.service.instead.push(json({}, 403));
  assert.equal((await fetch(orders)).status, 403);
  assert.equal(browser.service.refreshes, 0);
});

test('A 401 because of a revoked session signs out', async () => {
  const { browser, tab, fetch } = await signedIn();
  browser.service.endAll();
  await assert.rejects(fetch(orders), SignedOutError);
  await browser.world.rest();
  assert.deepEqual(tab.news, ['ann', null]);
});

test('A 401 while the service is away is unavailable', async () => {
  const { browser, fetch } = await signedIn();
  browser.service.instead.push(json({}, 401), json({}, 503));
  await assert.rejects(fetch(orders), UnavailableError);
});

test('The failures of an API are as fetch tells them', async () => {
  const { browser, fetch } = await signedIn();
  const failure = new TypeError('Failed to fetch');
  browser.service.instead.push(failure);
  await assert.rejects(fetch(orders), error => error === failure);
});

test('Of two calls that are refused together one token is asked for', async () => {
  const { browser, tab } = await signedIn();
  browser.service.instead.push(json({}, 401), json({}, 401));
  const answers = await browser.world.until(Promise.all([tab.auth.fetch(orders), tab.auth.fetch(orders)]));
  assert.deepEqual([answers.map(answer => answer.status), browser.service.refreshes], [[200, 200], 1]);
});

test('Only the origins that were named see the token', async () => {
  const { browser, fetch } = await signedIn({ apiOrigins: ['https://api.example/v1'] });
  const earlier = browser.service.calls.length;

  await assert.rejects(fetch('https://api.example.evil/orders'), TypeError);
  await assert.rejects(fetch('http://api.example/orders'), TypeError);
  assert.equal(browser.service.calls.length, earlier);

  assert.equal((await fetch(new URL('https://api.example/orders'))).status, 200);
  assert.equal((await fetch('https://auth.example/orders')).status, 200);
});

test('An expired token is renewed before the call', async () => {
  const { browser, fetch } = await signedIn();
  await browser.world.pass(11 * minute);
  assert.equal((await fetch(orders)).status, 200);
  assert.equal(browser.service.countOf('/orders'), 1);
});

test('A call that is refused is not sent again in the name of somebody else who has signed in meanwhile', async () => {
  const { browser, tab, fetch } = await signedIn();
  const other = browser.openTab();
  browser.service.endAll();
  const [response, bob] = await Promise.all([
    fetch(orders, { method: 'POST', body: "Ann's pears" }),
    browser.world.until(other.auth.signIn('bob', 'right')),
  ]);
  await browser.world.rest();

  assert.deepEqual([response.status, browser.service.countOf('/orders'), 'id' in bob && bob.id], [401, 1, 'bob']);
  assert.deepEqual(tab.news, ['ann', 'bob']);
  assert.deepEqual(await (await fetch(orders)).json(), { hello: 'bob' });
});

test('It is sent again when the same person has signed in meanwhile', async () => {
  const { browser, fetch } = await signedIn();
  const other = browser.openTab();
  browser.service.endAll();
  const [response] = await Promise.all([fetch(orders), browser.world.until(other.auth.signIn('ann', 'right'))]);
  assert.deepEqual(await response.json(), { hello: 'ann' });
});

test('A session that an impersonation has turned into somebody else\'s is still the same', async () => {
  const { browser, fetch } = await signedIn();
  browser.service.instead.push(json({}, 401), json({ accessToken: browser.service.begin('bob').accessToken, csrfToken: 'csrf-1' }));
  assert.deepEqual(await (await fetch(orders)).json(), { hello: 'bob' });
});

for (const [state, make] of Object.entries({
  'has expired': ({ browser }) => browser.world.pass(11 * minute),
  'is refused': async ({ browser, tab }) => {
    tab.dispatch('pageshow', { persisted: true });
    browser.service.instead.push(json({}, 503));
    await browser.world.pass(10_000);
  },
} satisfies Record<string, (scene: { browser: FakeBrowser; tab: Tab }) => Promise<void>>)) {
  test(`A call that waits for a token, as the one at hand ${state}, is not made in the name of somebody else who signs in meanwhile`, async () => {
    const { browser, tab } = await signedIn();
    const other = browser.openTab();
    await make({ browser, tab });
    const signingIn = other.auth.signIn('bob', 'right'); // its turn comes first
    const calls = [tab.auth.fetch(orders, { method: 'POST' }), tab.auth.sessions.revokeAll(), tab.auth.email.change('ann@new.example')];
    const outcomes = await browser.world.until(Promise.allSettled<unknown>(calls));
    await browser.world.until(signingIn);
    await browser.world.rest();

    assert.ok(outcomes.every(outcome => outcome.status === 'rejected' && outcome.reason instanceof SignedOutError));
    assert.ok(['/orders', '/account/auth/sessions/all', '/account/email'].every(path => browser.service.countOf(path) === 0));
    assert.equal((await browser.world.until(tab.auth.getIdentity()))?.id, 'bob');
  });
}

test('A caller that gives up waits for no token, and the token comes for the next call', async () => {
  const { browser, tab } = await signedIn();
  await browser.world.pass(11 * minute);
  const caller = new AbortController();
  const call = tab.auth.fetch(orders, { signal: caller.signal });
  const waiting = assert.rejects(call, { name: 'AbortError' });
  await browser.world.pass(5); // the refresh is under way

  caller.abort();
  await waiting;

  assert.equal(browser.service.countOf('/orders'), 0);
  assert.equal((await browser.world.until(tab.auth.fetch(orders))).status, 200);
  assert.equal(browser.service.refreshes, 1);
});

test('A caller that has given up before asks for no token', async () => {
  const { browser, tab } = await signedIn();
  await browser.world.pass(11 * minute);
  await assert.rejects(browser.world.until(tab.auth.fetch(orders, { signal: AbortSignal.abort() })), { name: 'AbortError' });
  await browser.world.rest();
  assert.equal(browser.service.refreshes, 0);
});

test('A caller that gives up waits for no fresh proof', async () => {
  const { browser, tab } = await signedIn({ askForProof: () => new Promise(() => undefined) });
  const caller = new AbortController();
  const call = tab.auth.fetch(`${pageOrigin}/secret`, { method: 'POST', signal: caller.signal });
  const waiting = assert.rejects(call, { name: 'AbortError' });
  await browser.world.rest(); // the person is asked
  caller.abort();
  await waiting;
});
