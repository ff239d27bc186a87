import type { Authenticator } from './authenticator.js';
import type { Identity } from './claims.js';
import type { Service } from './service.js';
import type { TokenSource } from './tokenSource.js';

export interface PasskeySignInOptions {
  /** Ends the session soon, and with the browser. */
  readonly publicComputer?: boolean;
  /** Offers passkeys among the names for a field with `autocomplete="username webauthn"`, and waits until one is chosen. */
  readonly conditional?: boolean;
  /** Takes the question back. */
  readonly signal?: AbortSignal;
}

/** Only the last call needs the turn of this tab: until somebody chooses a passkey the other tabs go on. */
export async function signInWithPasskey(
  loginService: string, options: PasskeySignInOptions, service: Service, tokens: TokenSource, authenticator: Authenticator): Promise<Identity | null> {
  const { publicComputer = false, conditional, signal } = options;
  if (conditional && !await authenticator.canOffer())
    return null;
  const prompt = await service.promptForPasskey(loginService);
  const credential = await authenticator.get(prompt.options, conditional, signal);
  return credential && tokens.begin(() => service.signInWithPasskey({ challengeId: prompt.challengeId, credential, service: loginService, publicComputer }));
}
