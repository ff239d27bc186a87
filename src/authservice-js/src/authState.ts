import { text } from './claims.js';
import type { Surroundings } from './surroundings.js';

/** The cookie in which a plain form's sign-in hands its result to the next page (src/AuthService/README.md#sign-in). */
const name = 'authState';

export interface FormSignIn {
  readonly csrfToken: string | null;
  /** The challenge of the second step that is still needed. */
  readonly challengeId: string | null;
}

/**
 * Reads the CSRF token or the challenge and deletes the cookie, which any script of the page can read. The access token in it is not used: a neighbouring host
 * can plant such a cookie, but not the refresh cookie that the CSRF token belongs to. The last cookie counts, because one that is planted for a longer path
 * comes first.
 */
export function takeAuthState({ document }: Surroundings): FormSignIn | null {
  const value = document?.cookie.split('; ').filter(pair => pair.startsWith(`${name}=`)).at(-1)?.slice(name.length + 1);
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
