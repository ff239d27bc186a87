// The browsers that the person has signed in with.

import { $, ask, dates, drawing, make, say } from './parts.js';
import { call, discard } from './session.js';

const path = '/account/devices';
const icons = [[/iPhone|Android/, 'Mobile'], [/iPad/, 'Tablet'], [/./, 'Desktop']];

let run = () => undefined;

/** @param guard Does work and says what went wrong. */
export function watchDevices(guard) {
  run = guard;
}

export async function showDevices() {
  const devices = await call('GET', path);
  $('#known ul').replaceChildren(...devices.map(item));
  $('#known').hidden = devices.length === 0;
}

function item(device) {
  const title = make('h3', { textContent: device.name });
  if (device.current)
    title.append(make('span', { className: 'badge', textContent: 'this browser' }));
  const seen = [`Last sign-in ${dates.format(device.lastSeenAt)}`, device.ipAddress, `first ${dates.format(device.firstSeenAt)}`];
  const words = make('div');
  words.append(title, make('p', { className: 'muted facts', textContent: seen.filter(Boolean).join(' · ') }));
  if (device.trustedUntil)
    words.append(make('p', { className: 'muted facts', textContent: `No second step is asked for until ${dates.format(device.trustedUntil)}` }));
  const forget = make('button', { textContent: 'Forget', ariaLabel: `Forget: ${device.name}` });
  forget.addEventListener('click', () => run(() => forgetDevice(device)));
  const row = make('li');
  row.append(drawing(icons.find(([pattern]) => pattern.test(device.name))[1]), words, forget);
  return row;
}

async function forgetDevice({ id, name }) {
  const what = 'The next sign-in there is one from a new device. Where it is signed in, it stays signed in.';
  const sure = await ask(`Forget ${name}?`, what, 'Forget');
  if (!sure)
    return;
  await discard(`${path}/${id}`);
  await showDevices();
  say(`${name} is forgotten.`);
  $('#known-title').focus();
}
