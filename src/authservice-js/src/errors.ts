/** Every error that this package throws on purpose. */
export class AuthServiceError extends Error {
  override readonly name: string = 'AuthServiceError';
}

/** Unknown name, wrong password or disabled account; the service does not say which. */
export class WrongPasswordError extends AuthServiceError {
  override readonly name = 'WrongPasswordError';
}

/** Too many wrong passwords for this name: even the right one is refused for a while. */
export class LockedError extends AuthServiceError {
  override readonly name = 'LockedError';

  /** @param seconds How long the lock holds; null when the answer did not show it to this page. */
  constructor(message: string, readonly seconds: number | null) {
    super(message);
  }
}

/** Nobody is signed in, or no longer: show the sign-in page. */
export class SignedOutError extends AuthServiceError {
  override readonly name = 'SignedOutError';

  constructor() {
    super('Nobody is signed in');
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
