// The person's passkeys: makes, lists, renames and removes them.

import { $, ask, dates, drawing, make, onSubmit, say } from './parts.js';
import { canUsePasskeys, isDeclined, makePasskey } from './passkeys.js';
import { call, discard, refresh } from './session.js';

const path = '/account/passkeys';
let run = work => work();
let tellChange = () => undefined;

/** @param guard Does work and says what went wrong. @param changed Called after a change. */
export function watchPasskeys(guard, changed) {
  [run, tellChange] = [guard, changed];
  $('#add-passkey').addEventListener('click', () => run(add));
}

export async function showPasskeys() {
  const passkeys = await call('GET', path);
  $('#passkeys ul').replaceChildren(...passkeys.map(item));
  $('#add-passkey').hidden = !canUsePasskeys;
  $('#passkeys').hidden = !canUsePasskeys && passkeys.length === 0;
}

async function add() {
  const { challengeId, options } = await call('POST', `${path}/options`);
  let credential;
  try {
    credential = await makePasskey(options);
  } catch (error) {
    if (error.name === 'InvalidStateError')
      say('This device has a passkey of yours already.');
    else if (!isDeclined(error))
      throw error;
    return;
  }
  const { name } = await call('POST', path, { challengeId, credential });
  await refresh(); // the session is one with two factors from now on
  await tellChange();
  say(`The passkey "${name}" is made. You can sign in with it from now on.`);
}

function item(passkey) {
  const words = make('div');
  const used = passkey.lastUsedAt ? `last used ${dates.format(passkey.lastUsedAt)}` : 'never used';
  words.append(
    make('h3', { textContent: passkey.name }),
    make('p', { className: 'muted facts', textContent: `Made ${dates.format(passkey.createdAt)} · ${used}` }),
    make('p', { className: 'muted facts', textContent: passkey.synced ? 'On all devices that share it' : 'On one device' }));
  const buttons = make('div', { className: 'buttons' });
  buttons.append(button('Rename', passkey, () => edit(passkey, words)), button('Remove', passkey, () => run(() => remove(passkey))));
  const row = make('li');
  row.append(drawing('Passkey'), words, buttons);
  return row;
}

function button(action, { name }, work) {
  const made = make('button', { textContent: action, ariaLabel: `${action}: ${name}` });
  made.addEventListener('click', work);
  return made;
}

/** A field in the place of the words. */
function edit({ id, name }, words) {
  const field = make('input', { value: name, maxLength: 64, required: true, ariaLabel: 'Name of the passkey' });
  const cancel = make('button', { type: 'button', textContent: 'Cancel' });
  const buttons = make('div', { className: 'buttons' });
  buttons.append(make('button', { textContent: 'Save', className: 'main' }), cancel);
  const form = make('form', {});
  form.append(field, buttons);
  cancel.addEventListener('click', () => run(async () => {
    await showPasskeys();
    $('#passkeys-title').focus();
  }));
  onSubmit(form, () => run(async () => {
    await call('PATCH', `${path}/${id}`, { name: field.value });
    await showPasskeys();
    say(`The passkey is called "${field.value.trim()}" now.`);
    $('#passkeys-title').focus();
  }));
  words.nextSibling.remove();
  words.replaceWith(form);
  field.select();
}

async function remove({ id, name }) {
  const sure = await ask(`Remove the passkey "${name}"?`, 'Nobody can sign in with it any more.', 'Remove');
  if (!sure)
    return;
  await discard(`${path}/${id}`);
  await tellChange();
  say(`The passkey "${name}" is removed.`);
  $('#passkeys-title').focus();
}
