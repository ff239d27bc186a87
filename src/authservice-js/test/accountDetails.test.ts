import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusedError, UnavailableError, type AuthService, type Proof } from '../src/index.js';
import { FakeBrowser } from './fakes/fakeBrowser.js';
import { json } from './fakes/fakeService.js';

interface Scene {
  readonly browser: FakeBrowser;
  readonly auth: AuthService;
  until<T>(promise: Promise<T>): Promise<T>;
}

/** Ann is signed in. These are her answers when she is asked for a proof. */
async function signedIn(proof: Proof | null = null): Promise<Scene> {
  const browser = new FakeBrowser();
  const { auth } = browser.openTab({ askForProof: async () => proof });
  await browser.world.until(auth.signIn('ann', 'right'));
  return { browser, auth, until: promise => browser.world.until(promise) };
}

test('Devices are listed and forgotten', async () => {
  const { browser, auth, until } = await signedIn();
  const [own, phone] = await until(auth.devices.list());
  assert.deepEqual([own!.current, phone!.current], [true, false]);

  await until(auth.devices.forget(phone!.id));

  assert.deepEqual(await until(auth.devices.list()), [own]);
  await assert.rejects(
    until(auth.devices.forget('../auth/sessions/all')),
    error => error instanceof RefusedError && error.status === 404 && error.code === 'DEVICE_NOT_FOUND');
  assert.equal(browser.service.calls.at(-1)!.path, '/account/devices/..%2Fauth%2Fsessions%2Fall');
});

test('Another address is asked for with a fresh proof', async () => {
  const { browser, auth, until } = await signedIn({ password: 'right' });

  await until(auth.email.change('ada@example.com'));

  assert.equal(browser.service.details.asked, 'ada@example.com');
  assert.deepEqual(await until(auth.email.get()), { email: 'ann@example.com', confirmed: true, canChange: true }); // until the link is opened
});

test('Who would rather not prove who they are asks for no address', async () => {
  const { browser, auth, until } = await signedIn();
  await assert.rejects(until(auth.email.change('ada@example.com')), error => error instanceof RefusedError && error.status === 401);
  assert.equal(browser.service.details.asked, null);
});

test('Too many mails are a matter of time, and no mail at all is not', async () => {
  const { browser, auth, until } = await signedIn();
  const changeGiven = (answer: Response): Promise<void> => {
    browser.service.instead.push(answer);
    return until(auth.email.change('ada@example.com'));
  };

  await assert.rejects(
    changeGiven(json({ message: 'Too many mails went to this address', status: 'TOO_MANY_MAILS' }, 429, { 'Retry-After': '3600' })),
    error => error instanceof UnavailableError && error.retryAfterSeconds === 3600);
  await assert.rejects(
    changeGiven(json({ message: 'No mail is sent here', status: 'MAIL_NOT_CONFIGURED' }, 503)),
    error => error instanceof RefusedError && error.code === 'MAIL_NOT_CONFIGURED');
});
