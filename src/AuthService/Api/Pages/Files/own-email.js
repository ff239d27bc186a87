// The person's e-mail address. Another is theirs once its link is opened.

import { $, onSubmit, say, wordsFor } from './parts.js';
import { call } from './session.js';

const path = '/account/email';

/** @param guard Does work and says what went wrong. */
export function watchEmail(guard) {
  onSubmit($('#email-form'), () => guard(change));
}

export async function showEmail() {
  const { email, confirmed, canChange } = await call('GET', path);
  $('#email').hidden = !canChange;
  $('#email-words').textContent = email
    ? `${email}${confirmed ? '' : ', which you have not confirmed'}. A link for a new password goes there, and word of every change.`
    : 'With an address you get a new password when you have forgotten yours, and word of every change.';
}

export function clearEmail() {
  $('#email-form').reset();
  $('#email-problem').textContent = '';
}

async function change() {
  const field = $('#new-email');
  $('#email-problem').textContent = '';
  try {
    await call('PUT', path, { email: field.value });
  } catch (refusal) {
    if (refusal.status !== 400 && refusal.status !== 429)
      throw refusal;
    $('#email-problem').textContent = wordsFor(refusal);
    field.focus();
    return;
  }
  localStorage.setItem('email-asked', Date.now()); // this browser may confirm it without being asked
  say(`A link is on its way to ${field.value}. Open it within half an hour.`);
  $('#email-form').reset();
}
