import { text } from './claims.js';
import type { Surroundings } from './surroundings.js';

/** What a plain HTML form's sign-in leaves for the page that it leads to (src/AuthService/README.md#sign-in). */
const name = 'authState';

export interface FormSignIn {
  readonly csrfToken: string | null;
  /** The challenge that is still to be answered. */
  readonly challengeId: string | null;
}

/**
 * Takes the CSRF token or the challenge over and deletes the cookie, which any script of the page can read. The access token in it is left
 * alone: a neighbouring host can plant such a cookie, but not the refresh cookie that a CSRF token must fit.
 */
export function takeAuthState({ document }: Surroundings): FormSignIn | null {
  const value = document?.cookie.split('; ').find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1);
  if (!document || value === undefined)
    return null;
  document.cookie = `${name}=; Path=/; Max-Age=0; SameSite=Strict`;
  try {
    const { csrfToken, '2fa': challengeId } = JSON.parse(decodeURIComponent(value)) as { csrfToken?: unknown; '2fa'?: unknown };
    return { csrfToken: text(csrfToken), challengeId: text(challengeId) };
  } catch {
    return null;
  }
}
