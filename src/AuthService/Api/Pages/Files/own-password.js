// The person's password: they change it, or get a link to choose their first one.

import { $, onSubmit, say, wordsFor } from './parts.js';
import { call, forget, send } from './session.js';

const path = '/account/password';

/** @param guard Does work and says what went wrong. @param showSignedOut Shows why the session has ended. */
export function watchPassword(guard, showSignedOut) {
  onSubmit($('#password-form'), () => change(showSignedOut));
  $('#mail-password').addEventListener('click', () => guard(mailLink));
}

export async function showPassword() {
  const { isSet, minimumLength, byMail } = await call('GET', path).catch(unlessOlder);
  $('#password-form').hidden = !isSet;
  $('#no-password').hidden = isSet;
  $('#no-password-words').textContent = byMail ? 'You have no password.' : 'You have no password. Ask an administrator for one if you need it.';
  $('#mail-password').hidden = !byMail;
  $('#new').minLength = minimumLength;
  $('#rule').textContent = `At least ${minimumLength} characters. A few words that do not belong together are good.`;
}

/** An instance of the version before does not have the route: the form is shown as it was then. */
function unlessOlder(refusal) {
  if (refusal.status === 404 || refusal.status === 405)
    return { isSet: true, minimumLength: 8, byMail: false };
  throw refusal;
}

export function clearPassword() {
  $('#password-form').reset();
  $('#password-problem').textContent = '';
}

async function mailLink() {
  const { email } = await call('GET', '/account/email');
  await send('POST', '/api/password/reset', {}, { email });
  say(`A link is on its way to ${email}. Open it within half an hour.`);
}

async function change(showSignedOut) {
  const [current, next] = [$('#current'), $('#new')];
  $('#password-problem').textContent = '';
  try {
    await call('PUT', path, { currentPassword: current.value, newPassword: next.value });
    forget();
    showSignedOut('Your password is changed, and everybody who was signed in with the old one is signed out. Sign in with the new one.');
  } catch (refusal) {
    if (refusal.isDeclined)
      return;
    if (refusal.status === 401 && !refusal.needsProof)
      return showSignedOut(`${refusal.ending ?? 'Your session has ended.'} Your password was not changed.`);
    $('#password-problem').textContent = wordsFor(refusal);
    (refusal.code === 'PASSWORD_NOT_ALLOWED' ? next : current).focus();
  }
}
