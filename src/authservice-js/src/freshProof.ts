import type { Authenticator } from './authenticator.js';
import { AuthServiceError, SignedOutError } from './errors.js';
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

/** Whether the call needs a proof that is not old (RFC 9470). */
export const needsProof = (response: Response): boolean => insufficient.test(response.headers.get('WWW-Authenticate') ?? '');

/** Whether the second factor is missing in the session. */
export const needsFactor = (response: Response): boolean => /\bacr_values="mfa"/.test(response.headers.get('WWW-Authenticate') ?? '');

/** Asks for a fresh proof, once for all calls that wait for one. */
export class FreshProof {
  readonly #ask: AskForProof;
  readonly #call: ServiceCall;
  readonly #tokens: TokenSource;
  readonly #authenticator: Authenticator;
  #asking: Promise<string | null> | null = null;

  constructor(ask: AskForProof, call: ServiceCall, tokens: TokenSource, authenticator: Authenticator) {
    this.#ask = ask;
    this.#call = call;
    this.#tokens = tokens;
    this.#authenticator = authenticator;
  }

  /** @returns An access token that holds the proof; null when the person would rather not, or nothing but another sign-in is one in this session. */
  obtain(): Promise<string | null> {
    return this.#asking ??= this.#obtain().finally(() => this.#asking = null);
  }

  async #obtain(): Promise<string | null> {
    const { proofs } = await this.#call('GET', '/auth/2fa/status') as { proofs: readonly ProofRequest['wanted'][] };
    const wanted = preferred.find(kind => proofs.includes(kind));
    if (!wanted)
      return null;
    const orPasskey = wanted === 'verificationCode' && proofs.includes('passkey') && this.#authenticator.isSupported;
    for (let refusal: AuthServiceError | null = null; ;) {
      const proof: Proof | null = await this.#ask({ wanted, orPasskey, refusal });
      try {
        const answer: ProofAnswer | null = proof && 'passkey' in proof ? await this.#promptForPasskey() : proof;
        return answer && await this.#tokens.prove(answer);
      } catch (error) {
        if (!(error instanceof AuthServiceError) || error instanceof SignedOutError)
          throw error;
        refusal = error;
      }
    }
  }

  /** Whoever closes what the browser shows would rather not. */
  async #promptForPasskey(): Promise<ProofAnswer | null> {
    const { challengeId, options } = await this.#call('POST', '/auth/reauthenticate/options') as PasskeyPrompt;
    const credential = await this.#authenticator.get(options);
    return credential && { challengeId, credential };
  }
}
