/** Every error that this package throws on purpose, except a `TypeError` for a wrong option or argument. */
export class AuthServiceError extends Error {
  override readonly name: string = 'AuthServiceError';
}

/** A token that is not taken. A request with it is answered with `status`. */
export abstract class TokenError extends AuthServiceError {
  abstract readonly status: 401 | 503;
}

/** The token does not hold: forged, expired, of another issuer or kind, used before. The message says why; it is not for the caller. */
export class InvalidTokenError extends TokenError {
  override readonly name: string = 'InvalidTokenError';
  override readonly status = 401;
}

/** The token holds, and was revoked before its end. */
export class RevokedTokenError extends TokenError {
  override readonly name = 'RevokedTokenError';
  override readonly status = 401;

  constructor() {
    super('The token has been revoked');
  }
}

/** Whether the token holds cannot be told at this moment; that is no fault of whoever sent it. */
export class UncheckedTokenError extends TokenError {
  override readonly name: string = 'UncheckedTokenError';
  override readonly status = 503;
  /** In seconds, for `Retry-After`. */
  readonly retryAfter = 2;
}

/** No keys could be fetched yet, or not for a day. */
export class KeysUnavailableError extends UncheckedTokenError {
  override readonly name = 'KeysUnavailableError';
}

/** What is known of revocations is too old. */
export class StaleKnowledgeError extends UncheckedTokenError {
  override readonly name = 'StaleKnowledgeError';
}

/** The one-time token could not be claimed. It may have been; then it is refused from now on. */
export class NotClaimedError extends UncheckedTokenError {
  override readonly name = 'NotClaimedError';
}

/** AuthService understood a call and refused it. */
export class RefusedError extends AuthServiceError {
  override readonly name = 'RefusedError';

  /**
   * @param status The HTTP status: 401 where this service's own credential is not valid, 403 where it may not do this.
   * @param code AuthService's own name for the refusal; null when it gave none.
   * @param retryAfter When another attempt makes sense, in seconds; null when the answer does not say.
   * @param traceId For `explain`; null when the answer has none.
   */
  constructor(message: string, readonly status: number, readonly code: string | null, readonly retryAfter: number | null, readonly traceId: string | null) {
    super(message);
  }
}

/**
 * AuthService cannot be reached, does not answer in time, or something else has answered in its place; or the function that gives the credential failed (its
 * error is the `cause`).
 */
export class UnavailableError extends AuthServiceError {
  override readonly name = 'UnavailableError';
}
