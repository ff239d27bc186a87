/** Every error that this package throws on purpose. */
export class AuthServiceError extends Error {
  override readonly name: string = 'AuthServiceError';
}

/** Unknown name, wrong password or disabled account; the service does not say which. */
export class WrongPasswordError extends AuthServiceError {
  override readonly name = 'WrongPasswordError';
}

/** A wrong or used code, or a sign-in that is too old or has had five wrong ones; the service does not say which. */
export class WrongCodeError extends AuthServiceError {
  override readonly name = 'WrongCodeError';
}

/** A passkey that the service does not take: removed, used with another site, or asked for more than ten minutes ago; it does not say which. */
export class WrongPasskeyError extends AuthServiceError {
  override readonly name = 'WrongPasskeyError';
}

/** This device has a passkey of the person already. */
export class PasskeyExistsError extends AuthServiceError {
  override readonly name = 'PasskeyExistsError';

  constructor(cause: unknown) {
    super('This device has a passkey of this person already', { cause });
  }
}

/** The browser has no passkeys, or none for this page: its origin is not of the site that they belong to. */
export class PasskeysUnavailableError extends AuthServiceError {
  override readonly name = 'PasskeysUnavailableError';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}

/** Too many wrong passwords for this name, or too many wrong codes: even the right one is refused for a while. */
export class LockedError extends AuthServiceError {
  override readonly name = 'LockedError';

  /** @param seconds How long the lock holds; null when the answer did not show it to this page. */
  constructor(message: string, readonly seconds: number | null) {
    super(message);
  }
}

/** The password was right, and a new one is requested before anybody is signed in. */
export class NewPasswordRequestedError extends AuthServiceError {
  override readonly name = 'NewPasswordRequestedError';

  /** @param token For `resetPassword`, good once and for ten minutes. */
  constructor(message: string, readonly token: string) {
    super(message);
  }
}

/** The password may not be this one: too short, too long, easily guessed or the old one. The message says why, for the person. */
export class PasswordNotAllowedError extends AuthServiceError {
  override readonly name = 'PasswordNotAllowedError';
}

/** A link of a mail (or its token) that is unknown, was used before or is too old; the service does not say which. */
export class InvalidLinkError extends AuthServiceError {
  override readonly name = 'InvalidLinkError';
}

/** Why a session ended, as the service tells its browser for a week. */
export type SignedOutReason =
  'SIGNED_OUT' | 'REVOKED_BY_YOU' | 'REVOKED_BY_ADMIN' | 'REVOKED_BY_SERVICE' | 'PASSWORD_CHANGED' | 'ACCOUNT_CHANGED' | 'IDLE' | 'EXPIRED' | 'EVICTED';

/** Nobody is signed in, or no longer: show the sign-in page. The message says why, where that is known. */
export class SignedOutError extends AuthServiceError {
  override readonly name = 'SignedOutError';

  /** @param reason Null when nobody was signed in, or it is not known why they are no longer. */
  constructor(message = 'Nobody is signed in', readonly reason: SignedOutReason | null = null) {
    super(message);
  }
}

/** The service cannot be reached, is overloaded or failed; nobody has been signed out. */
export class UnavailableError extends AuthServiceError {
  override readonly name = 'UnavailableError';

  /** @param retryAfterSeconds When another attempt makes sense. */
  constructor(message: string, readonly retryAfterSeconds: number, options?: ErrorOptions) {
    super(message, options);
  }
}

/** The service understood and said no: a scope that is not allowed, an unknown session, an untrusted origin. */
export class RefusedError extends AuthServiceError {
  override readonly name = 'RefusedError';

  /**
   * @param status The HTTP status.
   * @param code The service's own name for the refusal, for programs; null when it gave none.
   */
  constructor(message: string, readonly status: number, readonly code: string | null) {
    super(message);
  }
}
