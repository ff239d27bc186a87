import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InvalidLinkError, NewPasswordRequestedError, PasswordNotAllowedError, RefusedError, SignedOutError, UnavailableError } from '../src/index.js';
import { FakeBrowser } from './fakes/fakeBrowser.js';
import { json } from './fakes/fakeService.js';

const link = 'link of ann';

test('A link is asked for by who is not signed in, and nothing is told of the address', async () => {
  const browser = new FakeBrowser();
  assert.equal(await browser.world.until(browser.openTab().auth.requestPasswordReset('ann@example.com')), undefined);

  const [{ path, body, headers }] = browser.service.calls as [typeof browser.service.calls[0] & object];
  assert.deepEqual([path, body, headers.get('Authorization')], ['/api/password/reset', '{"email":"ann@example.com"}', null]);
});

test('Where no mail is sent waiting does not help, and trouble is told apart', async () => {
  const browser = new FakeBrowser();
  const ask = (answer: Response): Promise<void> => {
    browser.service.instead.push(answer);
    return browser.world.until(browser.openTab().auth.requestPasswordReset('ann@example.com'));
  };

  await assert.rejects(
    ask(json({ why: 'No mail is sent here', errorCode: 'MAIL_NOT_CONFIGURED' }, 503)),
    error => error instanceof RefusedError && error.status === 503 && error.code === 'MAIL_NOT_CONFIGURED');
  await assert.rejects(ask(json({}, 503, { 'Retry-After': '30' })), error => error instanceof UnavailableError && error.retryAfterSeconds === 30);
  await assert.rejects(ask(json({ why: 'No address', errorCode: 'BAD_REQUEST' }, 400)), error => error instanceof RefusedError && error.status === 400);
});

test('The link of the mail takes a password that is allowed, once', async () => {
  const browser = new FakeBrowser();
  const { auth } = browser.openTab();
  const reset = (token: string, password: string): Promise<void> => browser.world.until(auth.resetPassword(token, password));
  browser.service.details.links.add(link);

  await assert.rejects(
    reset(link, 'short'),
    error => error instanceof PasswordNotAllowedError && error.name === 'PasswordNotAllowedError' && error.message === 'It is too short');
  await reset(link, 'long enough');

  assert.equal(browser.service.calls.at(-1)!.body, '{"token":"link of ann","newPassword":"long enough"}');
  await assert.rejects(reset(link, 'long enough'), error => error instanceof InvalidLinkError && error.name === 'InvalidLinkError');
  assert.equal(await browser.world.until(auth.getIdentity()), null);
});

test('Whoever was signed in here with the old password is signed out in all tabs', async () => {
  const browser = new FakeBrowser();
  const [tab, other] = [browser.openTab(), browser.openTab()];
  await browser.world.until(tab.auth.signIn('ann', 'right'));
  browser.service.details.links.add(link);

  await browser.world.until(other.auth.resetPassword(link, 'long enough'));
  await browser.world.rest();

  assert.deepEqual([tab.news, other.news], [['ann', null], ['ann', null]]);
  await assert.rejects(browser.world.until(tab.auth.getAccessToken()), SignedOutError);
});

test('Somebody else who is signed in here stays so', async () => {
  const browser = new FakeBrowser();
  const { auth, news } = browser.openTab();
  await browser.world.until(auth.signIn('bob', 'right'));
  browser.service.details.links.add(link);

  await browser.world.until(auth.resetPassword(link, 'long enough'));
  await browser.world.rest();

  assert.equal((await browser.world.until(auth.getIdentity()))?.id, 'bob');
  assert.deepEqual(news, ['bob']);
});

test('A sign-in that requests a new password gives what sets it', async () => {
  const browser = new FakeBrowser();
  const { auth } = browser.openTab();
  browser.service.details.links.add(link);
  browser.service.instead.push(json({ why: 'A new password is requested', errorCode: 'PASSWORD_RESET_REQUESTED', token: link }, 403));

  const error = await browser.world.until(auth.signIn('ann', 'right')).catch(error => error);

  assert.ok(error instanceof NewPasswordRequestedError && error.name === 'NewPasswordRequestedError');
  await browser.world.until(auth.resetPassword(error.token, 'long enough'));
});

test('The link of a new address confirms it, once, and signs nobody in or out', async () => {
  const browser = new FakeBrowser();
  const { auth, news } = browser.openTab();
  await browser.world.until(auth.signIn('ann', 'right'));
  browser.service.details.links.add(link);

  await browser.world.until(auth.confirmEmail(link));
  await browser.world.rest();

  const { path, body, headers } = browser.service.calls.at(-1)!;
  assert.deepEqual([path, body, headers.get('Authorization')], ['/account/email/confirm', '{"token":"link of ann"}', null]);
  assert.deepEqual(news, ['ann']);
  await assert.rejects(browser.world.until(auth.confirmEmail(link)), InvalidLinkError);
});

test('The link of a notice ends the sessions of whoever it was sent to', async () => {
  const browser = new FakeBrowser();
  const { auth, news } = browser.openTab();
  await browser.world.until(auth.signIn('ann', 'right'));
  browser.service.details.links.add(link);

  await browser.world.until(auth.reportNotMe(link));
  await browser.world.rest();

  assert.deepEqual(news, ['ann', null]);
  await assert.rejects(browser.world.until(auth.reportNotMe(link)), InvalidLinkError);
});
