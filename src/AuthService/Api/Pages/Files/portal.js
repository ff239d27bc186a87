// Where a magic link leads. Its token stands in the fragment, which no server sees, and in this module alone.

import { send } from './session.js';

const $ = selector => document.querySelector(selector);
const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short' });
let token;

addEventListener('hashchange', open);
$('#log-out').addEventListener('click', logOut);
open();

async function open() {
  const link = new URLSearchParams(location.hash.slice(1));
  if (location.hash)
    history.replaceState(null, '', location.pathname + location.search); // before anything else can go wrong
  token = link.get('token');
  if (!token)
    return say('Application portal', 'Open the link that you were given. For your safety it is not kept here: after a reload, open it again.');
  try {
    show(await send('GET', '/portal/token', bearer()));
  } catch (refusal) {
    const hasEnded = refusal.status === 401;
    say('Application portal', hasEnded ? 'This link has ended. Ask for a new one where you got it.' : `${refusal.message} Open the link once more then.`);
  }
}

async function logOut() {
  try {
    await send('POST', '/api/v1/auth/logout', bearer());
  } catch (refusal) {
    if (refusal.status !== 401) { // then it had ended before
      $('#message').textContent = refusal.message;
      return;
    }
  }
  token = null;
  say('You are logged out', 'The link that brought you here is of no use any more.');
}

function show({ application, expiresAt, featureFlags }) {
  $('#title').textContent = document.title = application.name;
  $('#message').textContent = '';
  $('#uid').textContent = application.uid;
  $('#end').textContent = dates.format(new Date(expiresAt));
  $('#end').dateTime = expiresAt;
  $('#flags').replaceChildren(...featureFlags.map(flag => Object.assign(document.createElement('li'), { textContent: flag })));
  $('#features').hidden = featureFlags.length === 0;
  $('#token').hidden = false;
}

function say(title, words) {
  $('#token').hidden = true;
  $('#title').textContent = document.title = title;
  $('#message').textContent = words;
  $('#title').focus();
}

function bearer() {
  return { Authorization: `Bearer ${token}` };
}
