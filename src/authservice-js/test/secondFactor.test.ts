import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LockedError, SecondFactorOwed, SignedOutError, UnavailableError, WrongCodeError, type Identity } from '../src/index.js';
import { FakeBrowser } from './fakes/fakeBrowser.js';
import { json } from './fakes/fakeService.js';

function withFactor(person: string): FakeBrowser {
  const browser = new FakeBrowser();
  browser.service.guarded.add(person);
  return browser;
}

function owed(outcome: Identity | SecondFactorOwed | null): SecondFactorOwed {
  assert.ok(outcome instanceof SecondFactorOwed);
  return outcome;
}

test('Who has a second factor is signed in by the code, in all tabs, and by nothing less', async () => {
  const browser = withFactor('ann');
  const [tab, other] = [browser.openTab(), browser.openTab()];

  const step = owed(await browser.world.until(tab.auth.signIn('ann', 'right')));
  await browser.world.rest();
  assert.deepEqual([tab.news, browser.storage.size, browser.refreshToken], [[], 0, undefined]);
  await assert.rejects(browser.world.until(tab.auth.getAccessToken()), SignedOutError);

  const identity = await browser.world.until(step.answer('123456'));
  await browser.world.rest();

  assert.equal(identity.id, 'ann');
  assert.equal(browser.service.calls.at(-1)!.body, '{"challengeId":"challenge of ann","verificationCode":"123456"}');
  assert.deepEqual([tab.news.at(-1), other.news.at(-1)], ['ann', 'ann']);
  assert.ok(browser.service.accepts(await browser.world.until(other.auth.getAccessToken())));
});

test('A browser is made a trusted one only where that is asked for', async () => {
  const browser = withFactor('ann');
  const { auth } = browser.openTab();

  await browser.world.until(owed(await browser.world.until(auth.signIn('ann', 'right'))).answer('123456', { trustDevice: true }));
  assert.equal((await browser.world.until(auth.signIn('ann', 'right')) as Identity).id, 'ann');

  assert.equal(browser.service.calls[1]!.body, '{"challengeId":"challenge of ann","verificationCode":"123456","trustDevice":true}');
  browser.service.guarded.add('bob');
  const step = owed(await browser.world.until(auth.signIn('bob', 'right')));
  await browser.world.until(step.answer('123456', { trustDevice: false }));
  owed(await browser.world.until(auth.signIn('bob', 'right')));
});

test('A wrong code is an error of its own, after which another may be tried', async () => {
  const browser = withFactor('ann');
  const step = owed(await browser.world.until(browser.openTab().auth.signIn('ann', 'right')));

  await assert.rejects(browser.world.until(step.answer('000000')), error => error instanceof WrongCodeError && error.name === 'WrongCodeError');

  assert.equal((await browser.world.until(step.answer('123456'))).id, 'ann');
});

test('A closed second step says for how long, and trouble is no wrong code', async () => {
  const browser = withFactor('ann');
  const step = owed(await browser.world.until(browser.openTab().auth.signIn('ann', 'right')));
  const closed = { why: 'Too many wrong codes', errorCode: 'SECOND_FACTOR_LOCKED' };

  browser.service.instead.push(json(closed, 429, { 'Retry-After': '3600' }));
  await assert.rejects(browser.world.until(step.answer('123456')), error => error instanceof LockedError && error.seconds === 3600);
  browser.service.instead.push(new TypeError('Failed to fetch'));
  await assert.rejects(browser.world.until(step.answer('123456')), UnavailableError);
  browser.service.instead.push(json({ '2fa': 'another' }));
  await assert.rejects(browser.world.until(step.answer('123456')), UnavailableError);
});

test('Who was signed in before stays so until the code is right', async () => {
  const browser = withFactor('bob');
  const { auth, news } = browser.openTab();
  await browser.world.until(auth.signIn('ann', 'right'));

  const step = owed(await browser.world.until(auth.signIn('bob', 'right')));
  assert.equal((await browser.world.until(auth.getIdentity()))?.id, 'ann');
  await browser.world.until(step.answer('123456'));

  assert.equal((await browser.world.until(auth.getIdentity()))?.id, 'bob');
  assert.deepEqual(news, ['ann', 'bob']);
});

test('The second step of a plain form is taken over', async () => {
  const browser = withFactor('ann');
  browser.authState = encodeURIComponent(JSON.stringify({ '2fa': 'challenge of ann' }));

  const { auth } = browser.openTab();

  assert.equal(browser.authState, '');
  assert.equal(await browser.world.until(auth.getIdentity()), null);
  assert.equal((await browser.world.until(owed(auth.secondFactorOwed).answer('123456'))).id, 'ann');
  assert.equal(browser.openTab().auth.secondFactorOwed, null);
});
