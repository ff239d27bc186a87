// Signs people in on the Swagger page and keeps the access token of every try-out fresh. What is kept over a reload is the
// CSRF token alone, which is of no use without the cookie; the tokens themselves live in this module.

import { canUsePasskeys, usePasskey } from './passkeys.js';
import { make, Question } from './question.js';

const scheme = 'Bearer';
const longestCall = 20_000; // in milliseconds; a sign-in may take fifteen seconds, while others try the same name
const keptName = 'swagger.csrfToken';
const json = { 'Content-Type': 'application/json' };
const insufficient = /insufficient_user_authentication/;
const owing = 'A second factor is demanded here: connect one on the account page.';

/** A login service of the mode Web: the refresh token is in a cookie that no script can read. */
const web = {
  sessionOf: tokens => keepCsrfToken(tokens.csrfToken),
  kept: () => sessionStorage.getItem(keptName),
  refresh: csrfToken => call('/auth/refresh/web', { 'X-CSRFToken': csrfToken }),
  signOut: csrfToken => call('/auth/logout/web', { 'X-CSRFToken': csrfToken }),
};

/** One of the mode Application: the refresh token is forgotten with the page. */
const application = {
  sessionOf: tokens => tokens.refreshToken,
  kept: () => null,
  refresh: refreshToken => call('/auth/refresh', { Authorization: `Bearer ${refreshToken}` }),
  signOut: refreshToken => call('/auth/logout', { Authorization: `Bearer ${refreshToken}` }),
};

class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const target = fetch('./sign-in.json').then(answer => answer.json());

addEventListener('load', async () => new SignIn(await target, window.ui).start()); // by then the page has made its UI

class SignIn {
  constructor({ service, mode, passkeyOrigins }, ui) {
    this.ui = ui;
    this.service = service;
    this.mode = mode === 'Web' ? web : application;
    this.canUsePasskeys = canUsePasskeys(passkeyOrigins);
    this.question = new Question();
    this.form = makeForm();
    this.form.addEventListener('submit', event => this.submit(event));
    this.form.elements.signOut.addEventListener('click', () => this.signOut());
  }

  async start() {
    document.body.prepend(this.form);
    this.ui.getStore().subscribe(() => this.followDocument());
    this.ui.getConfigs().requestInterceptor = request => Object.assign(request, { userFetch: (address, sent) => this.fetch(address, sent) });
    this.session = this.mode.kept();
    if (this.session)
      await this.renew();
  }

  async submit(event) {
    event.preventDefault();
    const { username, password, signIn } = this.form.elements;
    signIn.disabled = true;
    this.say('');
    try {
      const body = { username: username.value, password: password.value, service: this.service };
      const tokens = await this.complete(await call('/auth/login', json, body));
      if (tokens === null)
        return;
      this.session = this.mode.sessionOf(tokens);
      this.use(tokens.accessToken);
    } catch (refusal) {
      this.say(refusal.message);
    } finally {
      password.value = '';
      signIn.disabled = false;
    }
  }

  /** With the second step, where one is owed. */
  complete(answer) {
    const challengeId = answer['2fa'];
    return challengeId
      ? this.question.ask('Second step', 'verificationCode', verificationCode => call('/auth/2fa/challenge', json, { challengeId, verificationCode }))
      : answer;
  }

  /** A call that asks for a fresh proof (RFC 9470) is sent once more when it was given, and once more where the factor is asked for after the password. */
  async fetch(address, request) {
    let answer = await fetch(address, request);
    for (let proofs = 0; proofs < 2 && this.accessToken && insufficient.test(answer.headers.get('WWW-Authenticate')) && await this.prove(); proofs++) {
      request.headers.Authorization = `Bearer ${this.accessToken}`;
      answer = await fetch(address, request);
    }
    return answer;
  }

  /** Once for all calls that wait for it. */
  prove() {
    return this.proving ??= this.askForProof().finally(() => this.proving = null);
  }

  async askForProof() {
    try {
      const { proofs } = await call('/auth/2fa/status', this.bearer(), undefined, 'GET');
      if (proofs.length === 0)
        throw new Refused('Sign out and sign in again: nothing else shows here who you are.');
      const mayUsePasskey = proofs.includes('passkey') && this.canUsePasskeys;
      const kind = proofs.includes('verificationCode') ? 'verificationCode' : mayUsePasskey ? 'passkey' : 'password';
      const byPasskey = () => this.proveByPasskey();
      const attempt = kind === 'passkey' ? byPasskey : value => this.reauthenticate({ [kind]: value });
      const proved = await this.question.ask('Is it you?', kind, attempt, kind === 'verificationCode' && mayUsePasskey && byPasskey);
      if (proved)
        this.use(proved.accessToken);
      return proved !== null;
    } catch (refusal) {
      this.say(refusal.message);
      return false;
    }
  }

  async proveByPasskey() {
    const { challengeId, options } = await call('/auth/reauthenticate/options', this.bearer());
    const credential = await usePasskey(options);
    return credential && this.reauthenticate({ challengeId, credential });
  }

  reauthenticate(proof) {
    return call('/auth/reauthenticate', { ...json, ...this.bearer() }, proof);
  }

  bearer() {
    return { Authorization: `Bearer ${this.accessToken}` };
  }

  async renew() {
    try {
      const { accessToken } = await this.mode.refresh(this.session);
      this.use(accessToken);
    } catch (refusal) {
      if (isOver(refusal))
        this.forget('The session has ended. Sign in again.');
      else
        this.later(5_000);
    }
  }

  async signOut() {
    const session = this.session;
    this.forget('');
    try {
      await this.mode.signOut(session);
    } catch (refusal) {
      if (!isOver(refusal))
        this.say(`Signed out here; the session itself may live on: ${refusal.message}`);
    }
  }

  /** With another document the page forgets how it was authorized. */
  followDocument() {
    const document = this.ui.specSelectors.url();
    if (document === this.document)
      return;
    this.document = document;
    if (this.accessToken)
      this.authorize();
  }

  authorize() {
    this.ui.authActions.authorize({ [scheme]: { schema: { type: 'http', scheme: 'bearer' }, value: this.accessToken } });
  }

  use(accessToken) {
    const claims = claimsOf(accessToken);
    this.accessToken = accessToken;
    this.authorize();
    this.form.elements.signedIn.value = `Signed in as ${claims.sub} (${claims.role})`;
    this.form.classList.add('signed-in');
    this.say(claims.twoFactorAuthentication === false ? owing : '');
    this.later((claims.exp - claims.iat) * 750); // with a quarter of its life left
  }

  forget(why) {
    clearTimeout(this.timer);
    sessionStorage.removeItem(keptName);
    this.session = null;
    this.accessToken = null;
    this.ui.authActions.logout([scheme]);
    this.form.classList.remove('signed-in');
    this.say(why);
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.renew(), milliseconds);
  }

  say(text) {
    this.form.elements.message.value = text;
  }
}

/** Without its cookie a session is as much over as one that was revoked, for which the service has another status. */
function isOver(refusal) {
  return refusal.status === 401 || refusal.status === 400;
}

function keepCsrfToken(csrfToken) {
  sessionStorage.setItem(keptName, csrfToken);
  return csrfToken;
}

async function call(path, headers, body, method = 'POST') {
  let response;
  let text;
  try {
    const address = new URL(`..${path}`, import.meta.url); // the service may stand under a path
    const signal = AbortSignal.timeout(longestCall);
    response = await fetch(address, { method, headers: { Accept: 'application/json', ...headers }, body: body && JSON.stringify(body), signal });
    text = await response.text();
  } catch {
    throw new Refused('The service cannot be reached.', 0);
  }

  const answer = text.startsWith('{') ? JSON.parse(text) : {};
  if (!response.ok)
    throw new Refused(wordsFor(response, answer), response.status);
  return answer;
}

function wordsFor(response, { why, errorCode }) {
  const said = why ?? `The service answered ${response.status}`;
  const wait = response.headers.get('Retry-After');
  if (wait)
    return `${said}: in ${wait} ${wait === '1' ? 'second' : 'seconds'}.`;
  return errorCode === 'UNTRUSTED_ORIGIN' ? `${said}: add ${location.origin} to Origins:Trusted.` : `${said}.`;
}

function claimsOf(token) {
  const bytes = Uint8Array.from(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), digit => digit.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function makeForm() {
  const form = make('form', { id: 'sign-in' });
  const label = (text, input) => {
    const named = make('label', { textContent: text });
    named.append(input);
    return named;
  };
  form.append(
    label('User name', make('input', { name: 'username', autocomplete: 'username', required: true, maxLength: 250 })),
    label('Password', make('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true, maxLength: 256 })),
    make('button', { name: 'signIn', type: 'submit', textContent: 'Sign in' }),
    make('output', { name: 'signedIn' }),
    make('button', { name: 'signOut', type: 'button', textContent: 'Sign out' }),
    make('output', { name: 'message', role: 'alert' }));
  return form;
}
