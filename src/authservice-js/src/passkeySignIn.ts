import type { Authenticator } from './authenticator.js';
import type { Identity } from './claims.js';
import type { Service } from './service.js';
import type { TokenSource } from './tokenSource.js';

export interface PasskeySignInOptions {
  /** Gives the session short lifetimes, and a cookie that ends with the browser. */
  readonly publicComputer?: boolean;
  /** Offers passkeys among the names for a field with `autocomplete="username webauthn"`, and waits until one is chosen. */
  readonly conditional?: boolean;
  /** Cancels the prompt. */
  readonly signal?: AbortSignal;
}

/** Only the last call excludes the other tabs: until the person chooses a passkey they go on. */
export async function signInWithPasskey(
  loginService: string, options: PasskeySignInOptions, service: Service, tokens: TokenSource, authenticator: Authenticator): Promise<Identity | null> {
  const { publicComputer = false, conditional, signal } = options;
  if (conditional && !await authenticator.canOffer())
    return null;
  const prompt = await service.promptForPasskey(loginService);
  const credential = await authenticator.get(prompt.options, conditional, signal);
  return credential && tokens.begin(() => service.signInWithPasskey({ challengeId: prompt.challengeId, credential, service: loginService, publicComputer }));
}
