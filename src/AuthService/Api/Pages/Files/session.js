// The session of this browser, kept as any browser app would keep it: the refresh token is in a cookie that no script can
// read, the access token lives in this module, and the CSRF token, which is of no use without the cookie, in localStorage.

const keptName = 'account.csrfToken';
const stateName = 'authState';

let accessToken = null;
let refreshing = null;
let offered = null; // the CSRF token of a sign-in that the service has not confirmed yet

export class Refused extends Error {
  constructor(status, message, code, retryAfter) {
    super(message);
    Object.assign(this, { status, code, retryAfter });
  }
}

/**
 * Takes over what a sign-in has just left in its cookie of one minute. A neighbouring host can plant such a cookie, but not
 * the refresh cookie that a CSRF token must fit; so it counts when the service has refreshed with it.
 */
export function takeSignIn() {
  const state = document.cookie.split('; ').find(cookie => cookie.startsWith(`${stateName}=`));
  if (!state)
    return;
  document.cookie = `${stateName}=; Path=/; SameSite=Strict; Max-Age=0${location.protocol === 'https:' ? '; Secure' : ''}`;
  try {
    offered = JSON.parse(decodeURIComponent(state.slice(stateName.length + 1))).csrfToken ?? null;
  } catch {
    offered = null; // no sign-in of ours left it
  }
}

export function mayBeSignedIn() {
  return (offered ?? kept()) !== null;
}

export function claims() {
  return accessToken && claimsOf(accessToken);
}

/** Calls with an access token, with a new one where the one at hand is about to end or is refused. */
export async function call(method, path, body) {
  if (!accessToken || claimsOf(accessToken).exp * 1000 - Date.now() < 30_000)
    await refresh();
  const used = accessToken;
  try {
    return await send(method, path, { Authorization: `Bearer ${used}` }, body);
  } catch (refusal) {
    if (refusal.status !== 401)
      throw refusal;
    await refresh();
    return send(method, path, { Authorization: `Bearer ${accessToken}` }, body);
  }
}

/** Where the cookie is gone, or another session's, there is nothing left to sign out of. */
export async function signOut() {
  const csrfToken = kept();
  if (csrfToken !== null)
    await unlessOver(send('POST', '/auth/logout/web', { 'X-CSRFToken': csrfToken }));
  forget();
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
  try {
    const content = body && { 'Content-Type': 'application/json' };
    response = await fetch(path, { method, headers: { Accept: 'application/json', ...content, ...headers }, body: body && JSON.stringify(body) });
  } catch {
    throw new Refused(0, 'The service cannot be reached. Try again in a moment.');
  }

  const text = await response.text();
  const answer = /^[{[]/.test(text) ? JSON.parse(text) : {};
  if (response.ok)
    return answer;
  const words = answer.message ?? answer.why ?? answer.detail ?? `The service answered ${response.status}`;
  throw new Refused(response.status, `${words}.`, answer.status ?? answer.errorCode, Number(response.headers.get('Retry-After')));
}

/** One at a time, however many calls wait for it. */
function refresh() {
  refreshing ??= renew().finally(() => refreshing = null);
  return refreshing;
}

async function renew() {
  const tried = new Set();
  for (let csrfToken = offered ?? kept(); csrfToken !== null && !tried.has(csrfToken); csrfToken = kept()) {
    tried.add(csrfToken);
    const tokens = await unlessOver(send('POST', '/auth/refresh/web', { 'X-CSRFToken': csrfToken }));
    const isCurrent = csrfToken === (offered ?? kept()); // unless another tab has signed in or out meanwhile
    offered = null;
    if (tokens && isCurrent)
      return keep(tokens);
  }
  throw new Refused(401, 'Nobody is signed in.');
}

/** Null where cookie and CSRF token are not those of one living session. */
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
