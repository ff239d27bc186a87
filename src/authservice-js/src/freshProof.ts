import type { Authenticator } from './authenticator.js';
import { AuthServiceError, SignedOutError } from './errors.js';
import type { Grant } from './grant.js';
import type { PasskeyPrompt, ProofAnswer } from './service.js';
import type { ServiceCall } from './serviceCall.js';
import type { TokenSource } from './tokenSource.js';

/** A proof that the person at the keyboard is the one who is signed in. With `passkey` the package asks the browser for one. */
export type Proof = { readonly password: string } | { readonly verificationCode: string } | { readonly passkey: true };

export interface ProofRequest {
  /**
   * The kind of proof that is accepted. It is a code (or a recovery code) if the person has an authenticator app, otherwise a passkey, otherwise the password.
   * A session that is older than the app accepts the password too.
   */
  readonly wanted: 'password' | 'verificationCode' | 'passkey';
  /** Whether a passkey is accepted in the place of the code. */
  readonly orPasskey: boolean;
  /** Why the last proof was not accepted; null for the first one. */
  readonly refusal: AuthServiceError | null;
}

/** Asks the person for a proof. Null means that the person cancels; the call is then answered with its 401. */
export type AskForProof = (request: ProofRequest) => Promise<Proof | null>;

const preferred = ['verificationCode', 'passkey', 'password'] as const;

const insufficient = /\binsufficient_user_authentication\b/;

const challengeOf = (response: Response): string => response.headers.get('WWW-Authenticate') ?? '';

/** Returns whether the call needs a fresh proof (RFC 9470). */
export const needsProof = (response: Response): boolean => insufficient.test(challengeOf(response));

/** Returns whether the session lacks the second factor. */
export const needsFactor = (response: Response): boolean => /\bacr_values="mfa"/.test(challengeOf(response));

/**
 * Asks for a fresh proof, once for all calls that wait for one. It is called with the token of a call that needs the proof.
 * @returns A token that holds the proof; null when the person cancels, another person has signed in meanwhile, or this session accepts only a new sign-in.
 */
export type FreshProof = (refused: Grant) => Promise<Grant | null>;

export function createFreshProof(ask: AskForProof, call: ServiceCall, tokens: TokenSource, authenticator: Authenticator): FreshProof {
  let asking: Promise<Grant | null> | null = null;

  /** @returns Null when the person closes the browser's prompt. */
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
