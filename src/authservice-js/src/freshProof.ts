import type { Authenticator } from './authenticator.js';
import { AuthServiceError, SignedOutError } from './errors.js';
import type { Grant } from './grant.js';
import type { PasskeyPrompt, ProofAnswer } from './service.js';
import type { ServiceCall } from './serviceCall.js';
import type { TokenSource } from './tokenSource.js';

/** What shows that the person who is signed in is the one at the keyboard. With `passkey` the package has the browser ask for one. */
export type Proof = { readonly password: string } | { readonly verificationCode: string } | { readonly passkey: true };

export interface ProofRequest {
  /**
   * What is accepted: a code (or a recovery code) of whoever has an authenticator app, otherwise a passkey, otherwise the password. In a session that is
   * older than the app that is the password as well.
   */
  readonly wanted: 'password' | 'verificationCode' | 'passkey';
  /** Whether a passkey is accepted as well as the code, of a person who has both. */
  readonly orPasskey: boolean;
  /** Why the proof before this one was not accepted; null at first. */
  readonly refusal: AuthServiceError | null;
}

/** Asks the person. Null when they would rather not: the call is then answered with its 401. */
export type AskForProof = (request: ProofRequest) => Promise<Proof | null>;

const preferred = ['verificationCode', 'passkey', 'password'] as const;

const insufficient = /\binsufficient_user_authentication\b/;

const challengeOf = (response: Response): string => response.headers.get('WWW-Authenticate') ?? '';

/** Whether the call needs a proof that is not old (RFC 9470). */
export const needsProof = (response: Response): boolean => insufficient.test(challengeOf(response));

/** Whether the second factor is missing in the session. */
export const needsFactor = (response: Response): boolean => /\bacr_values="mfa"/.test(challengeOf(response));

/**
 * Asks for a fresh proof, once for all calls that wait for one. It is called with the token of a call that needs the proof.
 * @returns One that holds the proof; null when the person would rather not, somebody else has signed in meanwhile, or nothing but another sign-in is one in
 * this session.
 */
export type FreshProof = (refused: Grant) => Promise<Grant | null>;

export function createFreshProof(ask: AskForProof, call: ServiceCall, tokens: TokenSource, authenticator: Authenticator): FreshProof {
  let asking: Promise<Grant | null> | null = null;

  /** Whoever closes what the browser shows would rather not. */
  const promptForPasskey = async (): Promise<ProofAnswer | null> => {
    const { challengeId, options } = await call('POST', '/auth/reauthenticate/options') as PasskeyPrompt;
    const credential = await authenticator.get(options);
    return credential && { challengeId, credential };
  };

  const obtain = async (refused: Grant): Promise<Grant | null> => {
    const { proofs } = await call('GET', '/auth/2fa/status') as { proofs: readonly ProofRequest['wanted'][] };
    const wanted = preferred.find(kind => proofs.includes(kind));
    if (!wanted)
      return null;
    const orPasskey = wanted === 'verificationCode' && proofs.includes('passkey') && authenticator.isSupported;
    for (let refusal: AuthServiceError | null = null; ;) {
      const proof: Proof | null = await ask({ wanted, orPasskey, refusal });
      try {
        const answer: ProofAnswer | null = proof && 'passkey' in proof ? await promptForPasskey() : proof;
        return answer && await tokens.prove(refused, answer);
      } catch (error) {
        if (!(error instanceof AuthServiceError) || error instanceof SignedOutError)
          throw error;
        refusal = error;
      }
    }
  };

  return refused => asking ??= obtain(refused).finally(() => asking = null);
}
