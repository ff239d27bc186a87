import type { Surroundings } from './surroundings.js';

/** What a plain HTML form's sign-in leaves for the page that it leads to (SPEC 3). */
const name = 'authState';

/**
 * Takes the CSRF token over and deletes the cookie, which any script of the page can read. The access token in it is left
 * alone: a neighbouring host can plant such a cookie, but not the refresh cookie that a CSRF token must fit.
 */
export function takeAuthState({ document }: Surroundings): string | null {
  const value = document?.cookie.split('; ').find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  if (!document || value === undefined)
    return null;
  document.cookie = `${name}=; Path=/; Max-Age=0; SameSite=Strict`;
  try {
    const { csrfToken } = JSON.parse(decodeURIComponent(value)) as { csrfToken?: unknown };
    return typeof csrfToken === 'string' ? csrfToken : null;
  } catch {
    return null;
  }
}
