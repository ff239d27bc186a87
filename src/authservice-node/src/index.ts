export type { Claims } from './claims.js';
export { createClient, type CallOptions, type Client, type ClientOptions, type Introspection } from './client.js';
export {
  AuthServiceError, InvalidTokenError, KeysUnavailableError, NotClaimedError, RefusedError, RevokedTokenError, StaleKnowledgeError, TokenError,
  UnavailableError, UncheckedTokenError,
} from './errors.js';
export { hasScope } from './scopes.js';
export type { Credential } from './serviceCredential.js';
export type { Log } from './surroundings.js';
export { createVerifier, type RevocationStatus, type Verifier } from './verifier.js';
export type { Algorithm, RevocationOptions, VerifierOptions, WhenStale } from './verifierOptions.js';
