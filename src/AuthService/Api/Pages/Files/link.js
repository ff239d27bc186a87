// Where the links in mails lead. The token is in the fragment, which no server sees, until the form is sent.

import './once.js';
import { wordsFor } from './parts.js';
import { send } from './session.js';

const form = document.querySelector('form');
const problem = document.querySelector('#problem');
const field = form.elements.token;
const halfAnHour = 30 * 60 * 1000;
let token;

// The link of another mail. Reloading the response to a form would send the form again.
addEventListener('hashchange', () => field ? take() : location.reload());
take();

if (form.dataset.api) {
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (form.querySelector('button').ariaDisabled !== 'true')
      report();
  });
  if (token && form.dataset.asked && Date.now() - localStorage.getItem(form.dataset.asked) < halfAnHour)
    form.requestSubmit();
}

function take() {
  token = new URLSearchParams(location.hash.slice(1)).get('token') ?? field?.value;
  if (location.hash) {
    history.replaceState(null, '', location.pathname + location.search);
    problem.textContent = '';
  }
  if (!token)
    problem.textContent = 'Open the link of the mail once more: it is not kept here.';
  else if (field)
    field.value = token;
  form.hidden = !token;
}

async function report() {
  const [button, status, next] = [form.querySelector('button'), document.querySelector('[role=status]'), document.querySelector('#next')];
  button.ariaDisabled = 'true';
  try {
    await send('POST', form.dataset.api, {}, { token });
  } catch (refusal) {
    const isOver = refusal.status === 400;
    problem.textContent = wordsFor(refusal);
    button.ariaDisabled = isOver ? 'true' : null;
    document.querySelector('#over').hidden = next.hidden = !isOver;
    return;
  }
  if (form.dataset.asked)
    localStorage.removeItem(form.dataset.asked);
  problem.textContent = '';
  status.textContent = form.dataset.done;
  document.querySelector('#words').hidden = form.hidden = true;
  next.hidden = false;
  status.focus(); // the button that had it is gone
}
