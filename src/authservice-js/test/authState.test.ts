import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignedOutError } from '../src/index.js';
import { FakeBrowser } from './fakes/fakeBrowser.js';

/** A plain HTML form has signed this person in and led the browser to a page with this package. */
function signInByForm(browser: FakeBrowser, person: string): void {
  const { refreshToken, ...tokens } = browser.service.begin(person);
  browser.refreshToken = refreshToken;
  browser.authState = encodeURIComponent(JSON.stringify(tokens));
}

test('The sign-in of a plain form is taken over', async () => {
  const browser = new FakeBrowser();
  signInByForm(browser, 'ann');

  const { auth } = browser.openTab();

  assert.equal(browser.authState, '');
  assert.equal((await browser.world.until(auth.getIdentity()))?.id, 'ann');
  assert.equal((await browser.world.until(browser.openTab().auth.getIdentity()))?.id, 'ann');
});

test('It changes the tabs that were open', async () => {
  const browser = new FakeBrowser();
  const before = browser.openTab();
  await browser.world.until(before.auth.signIn('ann', 'right'));
  signInByForm(browser, 'bob');

  await browser.world.until(browser.openTab().auth.getIdentity());
  await browser.world.rest();

  assert.deepEqual(before.news, ['ann', 'bob']);
});

test('One that somebody planted signs nobody in, and nobody out', async () => {
  const browser = new FakeBrowser();
  await browser.world.until(browser.openTab().auth.signIn('ann', 'right'));
  await browser.world.rest();
  const { refreshToken, ...planted } = browser.service.begin('mallory');
  browser.authState = encodeURIComponent(JSON.stringify(planted));

  const { auth, news } = browser.openTab();

  assert.equal((await browser.world.until(auth.getIdentity()))?.id, 'ann');
  assert.ok(!news.includes('mallory') && browser.refreshToken !== refreshToken);
});

test('One that a neighbour planted for a longer path does not hide the real one', async () => {
  const browser = new FakeBrowser();
  browser.plantedAuthState = encodeURIComponent('{"csrfToken":"planted"}');
  signInByForm(browser, 'ann');

  const { auth } = browser.openTab();

  assert.equal((await browser.world.until(auth.getIdentity()))?.id, 'ann');
  assert.equal((await browser.world.until(browser.openTab().auth.getIdentity()))?.id, 'ann');
});

for (const state of ['%', '{', 'null', '{}', '{"csrfToken":7}']) {
  test(`One that holds ${state} is deleted and no trouble`, async () => {
    const browser = new FakeBrowser();
    browser.authState = state === '%' ? state : encodeURIComponent(state);
    const { auth } = browser.openTab();
    await assert.rejects(browser.world.until(auth.getAccessToken()), SignedOutError);
    assert.equal(browser.authState, '');
  });
}
