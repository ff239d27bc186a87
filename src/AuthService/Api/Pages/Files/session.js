// The session of this browser: the refresh token is in a cookie that no script can read, the access token in this module, the CSRF token in localStorage.

const longestCall = 20_000; // in milliseconds; a sign-in may take fifteen seconds, while others try the same name
const keptName = 'account.csrfToken';
const stateName = 'authState';

/** Why a session has ended, in words for its person. */
const endings = {
  SIGNED_OUT: 'You have signed out.',
  REVOKED_BY_YOU: 'You signed out here from another device.',
  REVOKED_BY_ADMIN: 'An administrator ended your session.',
  REVOKED_BY_SERVICE: 'A service ended your session.',
  PASSWORD_CHANGED: 'Your password was changed, which signed you out everywhere.',
  ACCOUNT_CHANGED: 'Your account was changed, which signed you out everywhere.',
  IDLE: 'You were signed out because you had not been here for a while.',
  EXPIRED: 'You have been signed in for as long as is allowed here.',
  EVICTED: 'Somebody has signed in again in this browser.',
};

let accessToken = null;
let refreshing = null;
let prove = async () => false;
let offered = null; // the CSRF token of a sign-in that the service has not confirmed yet

export class Refused extends Error {
  constructor(status, message, { code, token, retryAfter, needsProof, ending } = {}) {
    super(message);
    Object.assign(this, { status, code, token, retryAfter, needsProof, ending });
  }
}

/**
 * Takes over what a sign-in has just left in its cookie of one minute. A neighbouring host can plant such a cookie, but not
 * the refresh cookie that a CSRF token must fit; so it counts when the service has refreshed with it.
 */
export function takeSignIn() {
  const csrfToken = readSignIn();
  if (csrfToken === undefined)
    return;
  document.cookie = `${stateName}=; Path=/; SameSite=Strict; Max-Age=0${location.protocol === 'https:' ? '; Secure' : ''}`;
  offered = csrfToken;
}

/** Keeps the CSRF token of a sign-in that ends on a page of the service. The cookie stays for the site that the browser returns to. */
export function keepSignIn(csrfToken = readSignIn()) {
  try {
    if (csrfToken)
      localStorage.setItem(keptName, csrfToken);
  } catch {
    // The browser lets this site store nothing. The sign-in works without it.
  }
}

/**
 * Returns the CSRF token in the cookie: null when no sign-in of ours left the cookie, undefined when there is no cookie. The last one counts, because
 * a cookie that another host has set for a longer path comes first.
 */
function readSignIn() {
  const state = document.cookie.split('; ').findLast(cookie => cookie.startsWith(`${stateName}=`));
  if (!state)
    return undefined;
  try {
    return JSON.parse(decodeURIComponent(state.slice(stateName.length + 1))).csrfToken ?? null;
  } catch {
    return null;
  }
}

export function mayBeSignedIn() {
  return (offered ?? kept()) !== null;
}

export function claims() {
  return accessToken && claimsOf(accessToken);
}

/** Calls back for a fresh proof; the callback says whether it was given. */
export function proveWith(callback) {
  prove = callback;
}

/**
 * Calls with an access token: with a new one where that is about to end or is refused, and again after a proof. In a session without the factor that
 * there is by now the password is asked for first.
 */
export async function call(method, path, body) {
  if (!accessToken || claimsOf(accessToken).exp * 1000 - Date.now() < 30_000)
    await refresh();
  const once = () => send(method, path, { Authorization: `Bearer ${accessToken}` }, body);
  const renewed = refusal => {
    if (refusal.status !== 401 || refusal.needsProof)
      throw refusal;
    return refresh().then(once);
  };
  const proved = async refusal => {
    if (!refusal.needsProof || refusal.isDeclined)
      throw refusal;
    if (!await prove())
      throw Object.assign(refusal, { isDeclined: true });
    return once();
  };
  return once().catch(renewed).catch(proved).catch(proved);
}

/** Deletes what another page may have deleted before (404). */
export const discard = path => call('DELETE', path).catch(refusal => {
  if (refusal.status !== 404)
    throw refusal;
});

/** Sent again only where the access token was refused: each wrong password counts. */
export async function reauthenticate(proof) {
  const once = () => send('POST', '/auth/reauthenticate', { Authorization: `Bearer ${accessToken}` }, proof);
  ({ accessToken } = await once().catch(refusal => refusal.code === 'UNAUTHENTICATED' ? refresh().then(once) : Promise.reject(refusal)));
}

/**
 * Signs out of the session in the cookie; nothing is left to do when there is no cookie.
 * @returns False when no CSRF token fits the cookie: somebody has signed in again in this browser, without these pages.
 */
export async function signOut() {
  takeSignIn();
  let isOther = false;
  for (const csrfToken of new Set([offered, kept()])) {
    if (csrfToken === null)
      continue;
    isOther = false;
    const done = await unlessOver(send('POST', '/auth/logout/web', { 'X-CSRFToken': csrfToken }).catch(refusal => {
      isOther = refusal.status === 401;
      throw refusal;
    }));
    if (done)
      break;
  }
  offered = null;
  forget();
  return !isOther;
}

export function forget() {
  accessToken = null;
  localStorage.removeItem(keptName);
}

/** Calls back when another tab has signed out (null), or somebody in. */
export function onChangedElsewhere(callback) {
  addEventListener('storage', event => {
    if (event.key === keptName) {
      accessToken = null;
      callback(event.newValue);
    }
  });
}

export async function send(method, path, headers, body) {
  let response;
  let text;
  try {
    const content = body && { 'Content-Type': 'application/json' };
    const address = new URL(`../..${path}`, import.meta.url); // the service may stand under a path
    const signal = AbortSignal.timeout(longestCall);
    response = await fetch(address, { method, headers: { Accept: 'application/json', ...content, ...headers }, body: body && JSON.stringify(body), signal });
    text = await response.text();
  } catch {
    throw new Refused(0, 'The service cannot be reached. Try again in a moment.');
  }

  const answer = /^[{[]/.test(text) ? JSON.parse(text) : {};
  if (response.ok)
    return answer;
  const words = answer.message ?? answer.why ?? answer.detail ?? `The service answered ${response.status}`;
  throw new Refused(response.status, `${words}.`, {
    code: answer.status ?? answer.errorCode,
    token: answer.token,
    retryAfter: Number(response.headers.get('Retry-After')),
    needsProof: /insufficient_user_authentication/.test(response.headers.get('WWW-Authenticate')),
  });
}

/** One at a time, however many calls wait for it. */
export function refresh() {
  refreshing ??= renew().finally(() => refreshing = null);
  return refreshing;
}

async function renew() {
  const tried = new Set();
  let code = null;
  for (let csrfToken = offered ?? kept(); csrfToken !== null && !tried.has(csrfToken); csrfToken = kept()) {
    tried.add(csrfToken);
    const tokens = await unlessOver(send('POST', '/auth/refresh/web', { 'X-CSRFToken': csrfToken }).catch(refusal => {
      code = refusal.code;
      throw refusal;
    }));
    const isCurrent = csrfToken === (offered ?? kept()); // unless another tab has signed in or out meanwhile
    offered = null;
    if (tokens && isCurrent)
      return keep(tokens);
  }
  throw new Refused(401, 'Your session has ended.', { ending: endings[code] });
}

/** Null where cookie and CSRF token are not those of one active session. */
function unlessOver(sending) {
  return sending.catch(refusal => {
    if (refusal.code === 'UNTRUSTED_ORIGIN')
      throw new Refused(403, `This page needs its own address among the trusted origins: ${location.origin}`);
    if (refusal.status === 400 || refusal.status === 401)
      return null;
    throw refusal;
  });
}

function keep(tokens) {
  accessToken = tokens.accessToken;
  localStorage.setItem(keptName, tokens.csrfToken);
}

function kept() {
  return localStorage.getItem(keptName);
}

function claimsOf(token) {
  const bytes = Uint8Array.from(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), digit => digit.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
