// The person's accounts at identity providers.

import { $, ask, dates, drawing, make, say } from './parts.js';
import { call, discard } from './session.js';

const path = '/account/identities';

let run = () => undefined;

export function watchIdentities(guard) {
  run = guard;
}

export async function showIdentities() {
  const { identities, providers } = await call('GET', path);
  $('#identities ul').replaceChildren(...identities.map(item));
  $('#identities .actions').replaceChildren(...providers.map(adding));
  $('#identities').hidden = identities.length + providers.length === 0;
}

/** Once the page is shown to whoever comes from a provider. */
export function sayLinked() {
  if (location.hash !== '#identity-linked')
    return;
  history.replaceState(null, '', location.pathname + location.search);
  say('The account is added.');
  $('#identities-title').focus();
}

function adding({ id, title }) {
  const button = make('button', { textContent: `Add ${title}` });
  button.addEventListener('click', () => run(async () => {
    location.assign((await call('POST', `${path}/start`, { provider: id })).location);
  }));
  return button;
}

function item(identity) {
  const { provider, name, createdAt, lastUsedAt } = identity;
  const used = lastUsedAt ? `last used ${dates.format(lastUsedAt)}` : 'never used';
  const words = make('div');
  words.append(
    make('h3', { textContent: provider }),
    make('p', { className: 'muted facts', textContent: [name, `Added ${dates.format(createdAt)}`, used].filter(Boolean).join(' · ') }));
  const button = make('button', { textContent: 'Remove', ariaLabel: `Remove: ${provider}${name ? `, ${name}` : ''}` });
  button.addEventListener('click', () => run(() => remove(identity)));
  const row = make('li');
  row.append(drawing('Actor'), words, button);
  return row;
}

async function remove({ id, provider }) {
  const sure = await ask(`Remove the account at ${provider}?`, 'You cannot sign in with it any more. Sessions go on.', 'Remove');
  if (!sure)
    return;
  await discard(`${path}/${id}`);
  await showIdentities();
  say(`The account at ${provider} is removed.`);
  $('#identities-title').focus();
}
