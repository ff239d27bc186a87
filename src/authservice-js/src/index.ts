export type { AccountDevices, KnownDevice } from './accountDevices.js';
export type { AccountEmail, OwnEmail } from './accountEmail.js';
export type { AccountPasskeys, Passkey } from './accountPasskeys.js';
export type { AccountSessions, UserSession } from './accountSessions.js';
export { AuthService, type AuthServiceOptions, type OneTimeToken } from './authService.js';
export type { Identity } from './claims.js';
export {
  AuthServiceError, InvalidLinkError, LockedError, NewPasswordRequestedError, PasskeyExistsError, PasskeysUnavailableError, PasswordNotAllowedError,
  RefusedError, SignedOutError, UnavailableError, WrongCodeError, WrongPasskeyError, WrongPasswordError,
} from './errors.js';
export type { SignedOutReason } from './errors.js';
export type { AskForProof, Proof, ProofRequest } from './freshProof.js';
export type { PasskeySignInOptions } from './passkeySignIn.js';
export { SecondFactorOwed, type SecondFactorOptions } from './secondFactor.js';
