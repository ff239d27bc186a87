// The second factor: connects an authenticator app, shows recovery codes, removes both.

import { $, ask, make, onSubmit, say, wordsFor } from './parts.js';
import { call, refresh, send } from './session.js';

const parts = ['#factor-state', '#set-up', '#codes'];
let challengeId = null;
let codesLeft = 0;
let tellChange = () => undefined;

/** @param guard Does work and says what went wrong. @param changed Called after a change. */
export function watchFactor(guard, changed) {
  tellChange = changed;
  $('#connect').addEventListener('click', () => guard(begin));
  $('#set-up-cancel').addEventListener('click', () => guard(done));
  $('#new-codes').addEventListener('click', () => guard(replaceCodes));
  $('#remove').addEventListener('click', () => guard(remove));
  $('#copy').addEventListener('click', () => guard(copy));
  $('#download').addEventListener('click', download);
  $('#print').addEventListener('click', () => print());
  $('#codes-done').addEventListener('click', () => guard(done));
  $('#copy').hidden = !navigator.clipboard; // browsers have it over HTTPS only
  onSubmit($('#set-up'), () => connect(guard));
}

/** Where the codes or the set-up are open, they stay. */
export async function showFactor({ keepOpen = false } = {}) {
  const { connected, recoveryCodesLeft, passkeys } = await call('GET', '/auth/2fa/status');
  if (keepOpen && $('#factor-state').hidden)
    return;
  clear();
  codesLeft = recoveryCodesLeft;
  const owing = $('.owing') !== null;
  const next = passkeys > 0 ? 'sign out, and in again with your passkey,' : 'connect an app or add a passkey';
  const left = `${recoveryCodesLeft} recovery ${recoveryCodesLeft === 1 ? 'code is' : 'codes are'} left.`;
  $('#factor-words').textContent = connected
    ? `On: a sign-in without a passkey asks for a code of your authenticator app as well. ${left}`
    : owing ? `Off. A second step is demanded here: ${next} to go on.` : 'Off: a sign-in asks for no second step.';
  $('#connect').hidden = connected;
  $('#connect').classList.toggle('main', owing);
  $('#new-codes').hidden = $('#remove').hidden = !connected;
  $('#new-codes').classList.toggle('main', recoveryCodesLeft === 0);
}

/** Nothing of one person is left for the next. */
export function clear() {
  challengeId = null;
  $('#set-up').reset();
  $('#first-code').ariaInvalid = null;
  $('#secret').textContent = $('#set-up-problem').textContent = '';
  $('#qr').width = 0;
  $('#code-list').replaceChildren();
  open('#factor-state');
}

async function begin() {
  const setUp = await call('POST', '/auth/2fa');
  challengeId = setUp.challengeId;
  $('#secret').textContent = setUp.secret.match(/.{1,4}/g).join(' ');
  await draw(setUp.qrCodeB64Data);
  open('#set-up');
  $('#first-code').focus();
}

/** Drawn: the page may load nothing but files of this service. */
async function draw(picture) {
  const bytes = Uint8Array.from(atob(picture.split(',')[1]), digit => digit.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = $('#qr');
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
}

async function connect(guard) {
  const field = $('#first-code');
  field.ariaInvalid = null;
  $('#set-up-problem').textContent = '';
  try {
    await send('POST', '/auth/2fa/challenge', {}, { challengeId, verificationCode: field.value });
  } catch (refusal) {
    // After five wrong codes, or ten minutes, no code is right any more.
    $('#set-up-problem').textContent = `${wordsFor(refusal)}${refusal.status === 401 ? ' If it stays so, cancel and begin again.' : ''}`;
    field.ariaInvalid = 'true';
    field.select();
    return;
  }
  await guard(async () => {
    await refresh(); // the session is one with two factors from now on
    clear();
    await tellChange();
    say('Your authenticator app is connected.');
    await showNewCodes();
  });
}

async function replaceCodes() {
  const sure = codesLeft === 0 || await ask('Make new recovery codes?', 'Those that you have are then void.', 'Make new codes');
  if (sure)
    await showNewCodes();
}

async function showNewCodes() {
  const { codes } = await call('POST', '/auth/2fa/recovery-codes');
  $('#code-list').replaceChildren(...codes.map(code => make('li', { textContent: code })));
  open('#codes');
  $('#codes h3').focus();
}

async function remove() {
  const sure = await ask('Remove the authenticator app?', 'A sign-in then asks for no code any more, and your recovery codes are void.', 'Remove');
  if (!sure)
    return;
  await call('DELETE', '/auth/2fa');
  await tellChange();
  say('Your authenticator app is removed.');
}

async function copy() {
  await navigator.clipboard.writeText(codesAsText());
  say('The recovery codes are copied.');
}

function download() {
  const address = URL.createObjectURL(new Blob([codesAsText()], { type: 'text/plain' }));
  make('a', { href: address, download: 'recovery-codes.txt' }).click();
  setTimeout(() => URL.revokeObjectURL(address));
}

async function done() {
  await showFactor();
  $('#factor-title').focus();
}

function codesAsText() {
  const heading = `Recovery codes of ${$('#owner').value} at ${location.host}`;
  return [heading, '', ...[...$('#code-list').children].map(code => code.textContent), ''].join('\n');
}

function open(shown) {
  for (const part of parts)
    $(part).hidden = part !== shown;
}
