// Signs in without leaving the page, by the answers that a browser without script gets.

import './once.js';
import { wordsFor } from './parts.js';
import { canUsePasskeys, isDeclined, usePasskey } from './passkeys.js';
import { keepSignIn, Refused, send } from './session.js';

const form = document.querySelector('form[action*="/login?"]');
const problem = document.querySelector('#problem');
const button = form?.querySelector('button');
const passkey = document.querySelector('#passkey');
const offerLasts = 9 * 60_000; // the service takes an answer for ten minutes
const untilNextOffer = 60_000; // after the service could not be asked for one
let offering; // aborts the offer that the browser makes
let countdown;

form?.addEventListener('submit', event => {
  event.preventDefault();
  if (button.ariaDisabled !== 'true')
    signIn();
});

form?.elements.username.addEventListener('input', () => countdown && rest()); // another name is not locked

// Links say it before they are opened; the box may be as it was left.
for (const kind of ['change', 'pageshow'])
  addEventListener(kind, tellProviders);

// Out of the back/forward cache it is busy no more.
addEventListener('pageshow', event => event.persisted && form && rest());

if (passkey && canUsePasskeys) {
  passkey.hidden = false;
  passkey.addEventListener('click', askForPasskey);
  offerPasskeys();
}

async function askForPasskey() {
  offering?.abort();
  try {
    await signInWithPasskey(await choosePasskey());
  } catch (error) {
    if (!isDeclined(error))
      say(wordsFor(error));
    offerPasskeys();
  }
}

/** Where the browser can, it offers passkeys among the names for the field, for as long as the page is open. */
async function offerPasskeys() {
  offering?.abort();
  do {
    while (document.hidden)
      await new Promise(shown => document.addEventListener('visibilitychange', shown, { once: true }));
  } while (await offerOnce());
}

/** @returns Whether to offer again: the offer has expired or could not be made, or the passkey that was chosen was refused. */
async function offerOnce() {
  const offer = offering = new AbortController();
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    offer.abort();
  }, offerLasts);
  const chosen = await chooseOfferedPasskey(offer.signal).catch(error => ({ error }));
  clearTimeout(timer);
  if (chosen?.error instanceof Refused) {
    await new Promise(done => setTimeout(done, untilNextOffer));
    return offering === offer;
  }
  if (!chosen || chosen.error)
    return isOver && chosen.error?.name === 'AbortError';
  const refusal = await signInWithPasskey(chosen).then(() => null, error => error);
  if (refusal)
    say(wordsFor(refusal));
  return refusal !== null;
}

async function chooseOfferedPasskey(signal) {
  return await PublicKeyCredential.isConditionalMediationAvailable?.() && choosePasskey({ mediation: 'conditional', signal });
}

async function choosePasskey(how) {
  const { challengeId, options } = await send('POST', '/auth/passkeys/options', {}, { service: form.elements.service.value });
  return { challengeId, credential: await usePasskey(options, how) };
}

async function signInWithPasskey({ challengeId, credential }) {
  const service = form.elements.service.value;
  const publicComputer = form.elements.publicComputer.checked;
  const answer = await send('POST', '/auth/passkeys/login', {}, { challengeId, credential, service, publicComputer }).catch(refusal => refusal);
  if (answer.code === 'PASSWORD_RESET_REQUESTED')
    return location.replace(new URL(`login/new-password?${new URLSearchParams({ service, publicComputer })}#token=${answer.token}`, form.action));
  if (answer instanceof Error)
    throw answer;
  const attributes = `Path=/; SameSite=Strict; Max-Age=60${location.protocol === 'https:' ? '; Secure' : ''}`;
  document.cookie = `authState=${encodeURIComponent(JSON.stringify(answer))}; ${attributes}`; // as after a form
  keepSignIn(answer.csrfToken);
  location.replace(form.dataset.endpoint);
}

function tellProviders() {
  for (const link of document.querySelectorAll('.providers a'))
    link.href = link.href.replace(/(&publicComputer=true)?$/, form.elements.publicComputer.checked ? '&publicComputer=true' : '');
}

async function signIn() {
  const body = new URLSearchParams(new FormData(form));
  say('');
  pause('Signing in…');
  try {
    const signal = AbortSignal.timeout(20_000); // the service may take fifteen seconds, while others try the same name
    const answer = await fetch(form.action, { method: 'POST', headers: { Accept: 'text/html' }, body, signal });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (page.querySelector('[name=verificationCode], [name=newPassword]'))
      showInstead(page);
    else if (answer.ok)
      returnBy(page.querySelector('a').href);
    else
      refuse(page.querySelector('#problem')?.textContent, answer.headers.get('Retry-After'));
  } catch {
    refuse('The service cannot be reached. Try again in a moment.');
  }
}

function returnBy(address) {
  keepSignIn();
  location.replace(address);
}

/** The second step, or the form for a new password; both work without script. */
function showInstead(page) {
  document.title = page.title;
  document.querySelector('main').replaceWith(page.querySelector('main'));
  document.querySelector('main [autofocus]').focus();
}

function refuse(words, seconds) {
  rest();
  say(words ?? 'The service is not available. Try again in a moment.');
  const { username, password } = form.elements;
  const field = username.value ? password : username;
  field.ariaInvalid = 'true';
  field.setAttribute('aria-describedby', 'problem');
  field.focus();
  if (field === password)
    password.select();
  if (seconds)
    wait(Number(seconds));
}

/** The button counts; a screen reader hears the time once. */
function wait(seconds) {
  const end = Date.now() + seconds * 1000;
  const show = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0)
      return pause(`Try again in ${left < 60 ? `${left} s` : `${Math.floor(left / 60)} min ${left % 60} s`}`);
    rest();
    say('You can try again now.');
  };
  show();
  countdown = setInterval(show, 250);
}

function pause(words) {
  button.ariaDisabled = 'true';
  button.textContent = words;
}

function rest() {
  countdown = clearInterval(countdown);
  button.ariaDisabled = null;
  button.textContent = 'Sign in';
}

function say(words) {
  problem.textContent = words;
  for (const field of form.querySelectorAll('[aria-invalid]'))
    field.ariaInvalid = null;
}
