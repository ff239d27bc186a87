// Asks for a fresh proof (RFC 9470): a code or a passkey, otherwise the password.

import { $, onSubmit, wordsFor } from './parts.js';
import { canUsePasskeys, isDeclined, usePasskey } from './passkeys.js';
import { call, onChangedElsewhere, proveWith, reauthenticate, Refused } from './session.js';

const [dialog, form, field, problem, passkey] = [$('#proof'), $('#proof form'), $('#proof-field'), $('#proof-problem'), $('#proof-passkey')];
const wrong = ['WRONG_CREDENTIALS', 'INCORRECT_CODE']; // what was typed
const kinds = {
  password: {
    words: 'You signed in a while ago. Enter your password to go on.', label: 'Your password', type: 'password', autocomplete: 'current-password',
  },
  verificationCode: {
    words: 'Enter the code that your authenticator app shows now, or a recovery code, to go on. Each code works once.',
    label: 'Code', type: 'text', autocomplete: 'one-time-code',
  },
};

let kind = 'password';
let answered = () => undefined;
let failed = () => undefined;

proveWith(async () => {
  const { proofs } = await call('GET', '/auth/2fa/status');
  if (proofs.length === 0)
    throw new Refused(400, 'Sign out and sign in again to go on.');
  kind = proofs.includes('verificationCode') ? 'verificationCode' : 'password';
  const byPasskey = proofs.includes('passkey') && canUsePasskeys;
  if (!byPasskey && !proofs.includes(kind))
    throw new Refused(400, 'This asks for your passkey, which this browser cannot use. Go on in another browser.');
  if (kind === 'password' && byPasskey)
    return proveByPasskey();
  passkey.hidden = !byPasskey;
  const { words, label, type, autocomplete } = kinds[kind];
  $('#proof-words').textContent = words;
  $('#proof-label').textContent = label;
  Object.assign(field, { type, autocomplete, value: '', ariaInvalid: null });
  problem.textContent = '';
  dialog.returnValue = '';
  dialog.showModal();
  field.focus();
  return new Promise((resolve, reject) => [answered, failed] = [resolve, reject]);
});

/** Whoever closes what the browser asks has given no proof. A refused passkey says nothing of the session. */
async function proveByPasskey() {
  const { challengeId, options } = await call('POST', '/auth/reauthenticate/options');
  try {
    await reauthenticate({ challengeId, credential: await usePasskey(options) });
    return true;
  } catch (error) {
    if (isDeclined(error))
      return false;
    if (error.code === 'INCORRECT_PASSKEY')
      throw new Refused(403, 'The passkey was not accepted. Try again, or with another one.');
    throw error;
  }
}

dialog.addEventListener('close', () => {
  field.value = '';
  answered(dialog.returnValue === 'yes');
});

onChangedElsewhere(() => dialog.close()); // the proof would be of another session

$('#proof-cancel').addEventListener('click', () => dialog.close());

onSubmit(form, () => closeWhenProved(async () => {
  await reauthenticate({ [kind]: field.value });
  return true;
}));

passkey.addEventListener('click', () => closeWhenProved(proveByPasskey));

async function closeWhenProved(prove) {
  problem.textContent = '';
  field.ariaInvalid = null;
  try {
    if (await prove())
      dialog.close('yes');
  } catch (refusal) {
    if (refusal.status === 401 && !wrong.includes(refusal.code)) { // the session has ended meanwhile
      failed(refusal);
      dialog.close();
      return;
    }
    problem.textContent = wordsFor(refusal);
    if (wrong.includes(refusal.code)) {
      field.ariaInvalid = 'true';
      field.select();
    }
  }
}
