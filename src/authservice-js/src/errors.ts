/** Every error that this package throws on purpose. */
export class AuthServiceError extends Error {
  override readonly name: string = 'AuthServiceError';
}

/** Unknown name, wrong password or disabled account; the service does not say which. */
export class WrongPasswordError extends AuthServiceError {
  override readonly name = 'WrongPasswordError';
}

/** The code is wrong or used, or the sign-in is too old or has had five wrong codes. The service does not say which. */
export class WrongCodeError extends AuthServiceError {
  override readonly name = 'WrongCodeError';
}

/** The passkey was removed, belongs to another site, or was chosen later than ten minutes after the offer. The service does not say which. */
export class WrongPasskeyError extends AuthServiceError {
  override readonly name = 'WrongPasskeyError';
}

/** This device already has a passkey of the person. */
export class PasskeyExistsError extends AuthServiceError {
  override readonly name = 'PasskeyExistsError';

  constructor(cause: unknown) {
    super('This device has a passkey of this person already', { cause });
  }
}

/** The browser cannot use passkeys, or not on this page: its origin does not belong to the site of the passkeys. */
export class PasskeysUnavailableError extends AuthServiceError {
  override readonly name = 'PasskeysUnavailableError';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** There were too many wrong passwords or codes. For a while even the right one is refused. */
export class LockedError extends AuthServiceError {
  override readonly name = 'LockedError';

  /** @param seconds How long the lock lasts; null when the answer did not show it to this page. */
  constructor(message: string, readonly seconds: number | null) {
    super(message);
  }
}

/** The password was right, but a new one must be set before the person is signed in. */
export class NewPasswordRequestedError extends AuthServiceError {
  override readonly name = 'NewPasswordRequestedError';

  /** @param token A token for `resetPassword`. It can be used once within ten minutes. */
  constructor(message: string, readonly token: string) {
    super(message);
  }
}

/** The new password is too short, too long, easily guessed or the old one. The message tells the person why. */
export class PasswordNotAllowedError extends AuthServiceError {
  override readonly name = 'PasswordNotAllowedError';
}

/** The token of a mail's link is unknown, used or too old. The service does not say which. */
export class InvalidLinkError extends AuthServiceError {
  override readonly name = 'InvalidLinkError';
}

/** Why a session ended. The service tells its browser for a week. */
export type SignedOutReason =
  'SIGNED_OUT' | 'REVOKED_BY_YOU' | 'REVOKED_BY_ADMIN' | 'REVOKED_BY_SERVICE' | 'PASSWORD_CHANGED' | 'ACCOUNT_CHANGED' | 'IDLE' | 'EXPIRED' | 'EVICTED';

/** Nobody is signed in, or no longer: show the sign-in page. The message says why, if that is known. */
export class SignedOutError extends AuthServiceError {
  override readonly name = 'SignedOutError';

  /** @param reason Null when nobody was signed in, or when the reason is not known. */
  constructor(message = 'Nobody is signed in', readonly reason: SignedOutReason | null = null) {
    super(message);
  }
}

/** The service cannot be reached, is overloaded or failed. Nobody has been signed out. */
export class UnavailableError extends AuthServiceError {
  override readonly name = 'UnavailableError';

  /** @param retryAfterSeconds How long to wait before another attempt. */
  constructor(message: string, readonly retryAfterSeconds: number, options?: ErrorOptions) {
    super(message, options);
  }
}

/** The service refused the call, for example because of a scope that is not allowed, an unknown session or an untrusted origin. */
export class RefusedError extends AuthServiceError {
  override readonly name = 'RefusedError';

  /**
   * @param status The HTTP status.
   * @param code The service's code of the refusal, for programs; null when there is none.
   */
  constructor(message: string, readonly status: number, readonly code: string | null) {
    super(message);
  }
}
