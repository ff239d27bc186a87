/** Every error that this package throws on purpose, except a `TypeError` for a wrong option or argument. */
export class AuthServiceError extends Error {
  override readonly name: string = 'AuthServiceError';
}

/** The token is not accepted. A request with it is answered with `status`. */
export abstract class TokenError extends AuthServiceError {
  abstract readonly status: 401 | 503;
}

/** The token is forged, expired, of another issuer or kind, or used before. The message says why. It is not for the caller. */
export class InvalidTokenError extends TokenError {
  override readonly name: string = 'InvalidTokenError';
  override readonly status = 401;
}

/** The token was revoked before it expired. */
export class RevokedTokenError extends TokenError {
  override readonly name = 'RevokedTokenError';
  override readonly status = 401;

  constructor() {
    super('The token has been revoked');
  }
}

/** The token cannot be checked at this moment, which is not the caller's fault. */
export class UncheckedTokenError extends TokenError {
  override readonly name: string = 'UncheckedTokenError';
  override readonly status = 503;
  /** In seconds, for `Retry-After`. */
  readonly retryAfter = 2;
}

/** No keys could be fetched yet, or not for a day; or the token's key is unknown and the keys could not be fetched. */
export class KeysUnavailableError extends UncheckedTokenError {
  override readonly name = 'KeysUnavailableError';
}

/** The knowledge of revocations is too old. */
export class StaleKnowledgeError extends UncheckedTokenError {
  override readonly name = 'StaleKnowledgeError';
}

/** The one-time token could not be claimed. If the claim was made after all, the token is refused from now on. */
export class NotClaimedError extends UncheckedTokenError {
  override readonly name = 'NotClaimedError';
}

/** AuthService refused a call. */
export class RefusedError extends AuthServiceError {
  override readonly name = 'RefusedError';

  /**
   * @param status The HTTP status: 401 when this service's own credential is not valid, 403 when the service may not do this.
   * @param code AuthService's code of the refusal; null when there is none.
   * @param retryAfter How long to wait before another attempt, in seconds; null when the answer does not say.
   * @param traceId The id of the call in AuthService's log, and for its command `explain`; null when the answer has none.
   */
  constructor(message: string, readonly status: number, readonly code: string | null, readonly retryAfter: number | null, readonly traceId: string | null) {
    super(message);
  }
}

/**
 * AuthService cannot be reached or does not answer in time, or something else has answered in its place. It is also thrown when the function that gives the
 * credential fails; `cause` is its error then.
 */
export class UnavailableError extends AuthServiceError {
  override readonly name = 'UnavailableError';
}
