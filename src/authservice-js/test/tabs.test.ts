import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignedOutError, UnavailableError } from '../src/index.js';
import { FakeBrowser, type Abilities, type Tab } from './fakes/fakeBrowser.js';

const minute = 60_000;

async function twoTabs(abilities: Abilities = {}): Promise<{ browser: FakeBrowser; one: Tab; two: Tab }> {
  const browser = new FakeBrowser(abilities);
  const [one, two] = [browser.openTab(), browser.openTab()];
  await browser.world.until(one.auth.signIn('ann', 'right'));
  await browser.world.rest();
  return { browser, one, two };
}

const tokensOf = (browser: FakeBrowser, ...tabs: Tab[]): Promise<string[]> =>
  browser.world.until(Promise.all(tabs.map(tab => tab.auth.getAccessToken())));

const browsers: Record<string, Abilities> = {
  'with Web Locks': {},
  'with IndexedDB in their place': { locks: false, indexedDb: true },
};

for (const [kind, abilities] of Object.entries(browsers)) {
  test(`Two tabs whose token expires at once refresh once and both work, ${kind}`, async () => {
    const { browser, one, two } = await twoTabs(abilities);
    await browser.world.pass(11 * minute);

    const [first, second] = await tokensOf(browser, one, two);

    assert.equal(first, second);
    assert.ok(browser.service.accepts(first!));
    assert.equal(browser.service.refreshes, 1);
  });

  test(`A tab that comes when the token is on its way waits for it, ${kind}`, async () => {
    for (let lateBy = 0; lateBy <= 150; lateBy += 10) {
      const { browser, one, two } = await twoTabs({ ...abilities, messageDelay: () => 100 });
      await browser.world.pass(11 * minute);
      await tokensOf(browser, one);
      await browser.world.pass(lateBy);
      await tokensOf(browser, two);
      assert.equal(browser.service.refreshes, 1, `${lateBy} ms late`);
    }
  });

  test(`Ten tabs that are restored together ask once, ${kind}`, async () => {
    const { browser } = await twoTabs(abilities);
    const tabs = Array.from({ length: 10 }, () => browser.openTab());
    const tokens = await tokensOf(browser, ...tabs);
    assert.equal(new Set(tokens).size, 1);
    assert.equal(browser.service.refreshes, 1);
  });
}

const messengers: Record<string, Abilities> = {
  'by message': {},
  'by message alone': { storage: false },
  'without BroadcastChannel': { channel: false },
  'where BroadcastChannel is forbidden': { channel: 'forbidden' },
};

for (const [kind, abilities] of Object.entries(messengers)) {
  test(`A sign-out in one tab signs out the other ${kind}`, async () => {
    const { browser, one, two } = await twoTabs(abilities);
    await tokensOf(browser, one, two);
    const earlier = browser.service.calls.length;

    await browser.world.until(two.auth.signOut());
    await browser.world.rest();

    await assert.rejects(tokensOf(browser, one), SignedOutError);
    await assert.rejects(tokensOf(browser, two), SignedOutError);
    assert.deepEqual([one.news, two.news], [['ann', null], ['ann', null]]);
    assert.deepEqual([browser.service.countOf('/auth/logout/web'), browser.service.calls.length - earlier], [1, 1]);
    assert.equal(browser.refreshToken, undefined);
  });

  test(`A sign-in in one tab reaches the other ${kind}`, async () => {
    const { two } = await twoTabs(abilities);
    assert.deepEqual(two.news, ['ann']);
  });
}

test('Without a lock of any kind each tab refreshes for itself', async () => {
  const { browser, one, two } = await twoTabs({ locks: false });
  await browser.world.pass(11 * minute);
  const earlier = browser.service.refreshes;
  const tokens = await tokensOf(browser, one, two);
  assert.ok(tokens.every(token => browser.service.accepts(token)));
  assert.equal(browser.service.refreshes - earlier, 2);
});

test('A sign-out without a lock is not undone by a refresh that was under way', async () => {
  const delays: number[] = [];
  const { browser, one, two } = await twoTabs({ locks: false, networkDelay: () => delays.shift() ?? 10 });
  await browser.world.pass(11 * minute);
  delays.push(10, 20, 500); // both requests, and the answer to the first
  const refresh = one.auth.getAccessToken();
  refresh.catch(() => undefined);

  await browser.world.until(two.auth.signOut());
  await browser.world.rest();

  await assert.rejects(refresh, SignedOutError);
  await assert.rejects(tokensOf(browser, one), SignedOutError);
  assert.equal(browser.storage.size, 0);
});

test('A sign-out that the service did not hear of has signed out nobody', async () => {
  const { browser, one, two } = await twoTabs();
  browser.service.instead.push(new TypeError('Failed to fetch'));

  await assert.rejects(browser.world.until(one.auth.signOut()), UnavailableError);
  assert.equal((await tokensOf(browser, one, two)).length, 2);
  await browser.world.until(one.auth.signOut());

  await assert.rejects(tokensOf(browser, one), SignedOutError);
});

test('Signing out works after a reload, when the session is gone, and when nobody is signed in', async () => {
  const { browser } = await twoTabs();
  await browser.world.until(browser.openTab().auth.signOut());
  assert.equal(browser.refreshToken, undefined);

  const { browser: another, one } = await twoTabs();
  another.service.endAll();
  await another.world.until(one.auth.signOut());
  assert.equal(another.storage.size, 0);

  await another.world.until(one.auth.signOut());
  assert.equal(another.service.countOf('/auth/logout/web'), 1);
});

test('A tab that missed the news of a new sign-in finds its CSRF token', async () => {
  const { browser, one } = await twoTabs();
  one.auth.close();
  const two = browser.openTab();
  await browser.world.until(two.auth.signIn('bob', 'right'));
  await browser.world.pass(11 * minute);

  assert.equal((await browser.world.until(one.auth.getIdentity()))?.id, 'bob');
  assert.equal((await browser.world.until(two.auth.getIdentity()))?.id, 'bob');
});

test('A message that a frozen tab reads late does not make its token look young', async () => {
  const { browser, two } = await twoTabs({ storage: false, messageDelay: () => 9.95 * minute });
  const [token] = await tokensOf(browser, two);
  await browser.world.pass(minute);
  assert.ok(browser.service.accepts(token!));
  assert.equal(browser.service.refreshes, 1);
});

test('A page out of the back/forward cache asks again', async () => {
  const { browser, one } = await twoTabs();
  browser.service.endAll();

  one.dispatch('pageshow', { persisted: false });
  await browser.world.rest();
  assert.equal(browser.service.refreshes, 0);
  one.dispatch('pageshow', { persisted: true });
  await browser.world.rest();

  assert.deepEqual(one.news, ['ann', null]);
});

test('Where the browser forbids channels and storage a tab works by itself', async () => {
  const { browser, one } = await twoTabs({ channel: 'forbidden', storage: 'forbidden' });
  assert.equal((await browser.world.until(one.auth.getIdentity()))?.id, 'ann');
  one.auth.close();
});

test('Other keys of the storage are nobody\'s news', async () => {
  const { browser, one } = await twoTabs();
  one.dispatch('storage', { key: 'cart', oldValue: 'csrf-1', newValue: null });
  one.dispatch('storage', { key: 'authservice https://auth.example csrfToken', oldValue: null, newValue: null });
  await browser.world.rest();
  assert.deepEqual(one.news, ['ann']);
});

test('A closed one hears nothing and is no trouble', async () => {
  const { browser, one, two } = await twoTabs();
  one.auth.close();
  one.auth.close();
  await browser.world.until(two.auth.signOut());
  await browser.world.rest();
  assert.deepEqual(one.news, ['ann']);
});
