import { AuthServiceError, LockedError, RefusedError, UnavailableError, WrongPasswordError } from './errors.js';

const lockedCode = 'SIGN_IN_LOCKED';
const wrongCredentialsCode = 'WRONG_CREDENTIALS';
const defaultRetrySeconds = 2;

/** The error bodies of the Auth API (`why`, `errorCode`) and of the Account API (`message`, `status`). */
type ErrorBody = Partial<Record<'why' | 'errorCode' | 'message' | 'status', string | null>>;

/** What an answer that is no success means to an app. */
export async function refusalOf(response: Response): Promise<AuthServiceError> {
  const body = await response.json().catch(() => null) as ErrorBody | null; // a proxy answers with a page
  const message = body?.why ?? body?.message ?? `The service answered ${response.status}`;
  const code = body?.errorCode ?? body?.status ?? null;
  const seconds = Number(response.headers.get('Retry-After')) || null;
  if (response.status === 429 && code === lockedCode)
    return new LockedError(message, seconds);
  if (response.status === 401 && code === wrongCredentialsCode)
    return new WrongPasswordError(message);
  return response.status === 429 || response.status >= 500
    ? new UnavailableError(message, seconds ?? defaultRetrySeconds)
    : new RefusedError(message, response.status, code);
}

/** No answer at all: offline, a name that does not resolve, a call that took too long, an origin that is not trusted. */
export const unreachable = (cause: unknown): UnavailableError =>
  new UnavailableError('The service cannot be reached', defaultRetrySeconds, { cause });
