// The session of this browser, kept as any browser app would keep it: the refresh token is in a cookie that no script can
// read, the access token lives in this module, and the CSRF token, which is of no use without the cookie, in localStorage.

const keptName = 'account.csrfToken';
const stateName = 'authState';

let accessToken = null;
let refreshing = null;

export class Refused extends Error {
  constructor(status, message, code, retryAfter) {
    super(message);
    Object.assign(this, { status, code, retryAfter });
  }
}

/** Takes over what a sign-in has just left in its cookie of one minute. */
export function takeSignIn() {
  const state = document.cookie.split('; ').find(cookie => cookie.startsWith(`${stateName}=`));
  if (!state)
    return;
  document.cookie = `${stateName}=; Path=/; SameSite=Strict; Max-Age=0${location.protocol === 'https:' ? '; Secure' : ''}`;
  keep(JSON.parse(decodeURIComponent(state.slice(stateName.length + 1))));
}

export function isKept() {
  return localStorage.getItem(keptName) !== null;
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

export async function signOut() {
  const csrfToken = localStorage.getItem(keptName);
  if (csrfToken)
    await send('POST', '/auth/logout/web', { 'X-CSRFToken': csrfToken });
  forget();
}

export function forget() {
  accessToken = null;
  localStorage.removeItem(keptName);
}

/** Calls back when another tab has signed out. */
export function onForgotten(callback) {
  addEventListener('storage', event => {
    if (event.key === keptName && event.newValue === null) {
      accessToken = null;
      callback();
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
  const csrfToken = localStorage.getItem(keptName);
  if (!csrfToken)
    throw new Refused(401, 'Nobody is signed in.');
  try {
    keep(await send('POST', '/auth/refresh/web', { 'X-CSRFToken': csrfToken }));
  } catch (refusal) {
    if (refusal.code === 'UNTRUSTED_ORIGIN')
      throw new Refused(403, `This page needs its own address among the trusted origins: ${location.origin}`);
    // 400: the cookie is gone. Either way there is nothing left to refresh.
    throw refusal.status === 400 ? new Refused(401, refusal.message) : refusal;
  }
}

function keep(tokens) {
  accessToken = tokens.accessToken;
  localStorage.setItem(keptName, tokens.csrfToken);
}

function claimsOf(token) {
  const bytes = Uint8Array.from(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')), digit => digit.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}
