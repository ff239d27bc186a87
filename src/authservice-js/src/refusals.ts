import {
  AuthServiceError, InvalidLinkError, LockedError, NewPasswordRequestedError, PasswordNotAllowedError, RefusedError, SignedOutError, UnavailableError,
  WrongCodeError, WrongPasskeyError, WrongPasswordError, type SignedOutReason,
} from './errors.js';

/** The errors by status and code. */
const errors: Readonly<Record<string, new (message: string) => AuthServiceError>> = {
  '401 WRONG_CREDENTIALS': WrongPasswordError,
  '401 INCORRECT_CODE': WrongCodeError,
  '401 INCORRECT_PASSKEY': WrongPasskeyError,
  '403 INCORRECT_PASSKEY': WrongPasskeyError, // the Account API's
  '400 PASSWORD_NOT_ALLOWED': PasswordNotAllowedError,
  '400 INVALID_TOKEN': InvalidLinkError,
};
const lockedCodes: readonly (string | null)[] = ['SIGN_IN_LOCKED', 'SECOND_FACTOR_LOCKED'];
const newPasswordCode = 'PASSWORD_RESET_REQUESTED';
/** The code of a 503 that no retry changes. */
const noMailCode = 'MAIL_NOT_CONFIGURED';
const defaultRetrySeconds = 2;

/** The error bodies of the Auth API (`why`, `errorCode`, at times `token`) and of the Account API (`message`, `status`). */
type ErrorBody = Partial<Record<'why' | 'errorCode' | 'token' | 'message' | 'status', string | null>>;

/** Turns the answer of a call that failed into an error for the app. */
export async function refusalOf(response: Response): Promise<AuthServiceError> {
  const body = await response.json().catch(() => null) as ErrorBody | null; // a proxy may answer with a page
  const message = body?.why ?? body?.message ?? `The service answered ${response.status}`;
  const code = body?.errorCode ?? body?.status ?? null;
  const seconds = Number(response.headers.get('Retry-After')) || null;
  const known = errors[`${response.status} ${code}`];
  if (known)
    return new known(message);
  if (response.status === 429 && lockedCodes.includes(code))
    return new LockedError(message, seconds);
  if (code === newPasswordCode && body?.token)
    return new NewPasswordRequestedError(message, body.token);
  return (response.status === 429 || response.status >= 500) && code !== noMailCode
    ? new UnavailableError(message, seconds ?? defaultRetrySeconds)
    : new RefusedError(message, response.status, code);
}

/** Codes of an inactive session that give no reason. */
const unexplained: readonly unknown[] = ['INVALID_TOKEN', 'UNAUTHENTICATED'];

/**
 * Reads why a refresh or a sign-out was refused.
 * @throws {UnavailableError} Something other than the service has answered, as its own refusals always say why.
 */
export async function signedOut(response: Response): Promise<SignedOutError> {
  const { why, errorCode } = (await response.json().catch(() => null) ?? {}) as ErrorBody;
  if (typeof why !== 'string')
    throw unreachable(response.status);
  const isExplained = response.status === 401 && errorCode && !unexplained.includes(errorCode);
  return isExplained ? new SignedOutError(why, errorCode as SignedOutReason) : new SignedOutError();
}

/** The service has not answered: offline, a name that does not resolve, a call that took too long, an origin that is not trusted. */
export const unreachable = (cause: unknown): UnavailableError =>
  new UnavailableError('The service cannot be reached', defaultRetrySeconds, { cause });
