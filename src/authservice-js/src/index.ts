export type { AccountSessions, UserSession } from './accountSessions.js';
export { AuthService, type AuthServiceOptions, type OneTimeToken } from './authService.js';
export type { Identity } from './claims.js';
export { AuthServiceError, LockedError, RefusedError, SignedOutError, UnavailableError, WrongPasswordError } from './errors.js';
