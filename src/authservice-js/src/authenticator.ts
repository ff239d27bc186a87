import { PasskeyExistsError, PasskeysUnavailableError } from './errors.js';
import type { Surroundings } from './surroundings.js';

/** The browser's answer to the service's options, in the JSON of WebAuthn. */
export type Credential = RegistrationResponseJSON | AuthenticationResponseJSON;

export type Authenticator = ReturnType<typeof createAuthenticator>;

const declining = ['NotAllowedError', 'AbortError'];

/** Some browsers cannot offer passkeys among the names, and say so only when they are asked. */
const notOffered = [...declining, 'NotSupportedError'];

/** Asks the browser for a passkey, or to make one (WebAuthn). The result is null when the person cancels or the signal is aborted. */
export function createAuthenticator({ navigator, PublicKeyCredential: type }: Surroundings) {
  const isSupported = Boolean(type?.parseRequestOptionsFromJSON);

  const run = async (prompt: () => Promise<unknown>, silent: readonly string[] = declining, signal?: AbortSignal): Promise<Credential | null> => {
    if (!isSupported)
      throw new PasskeysUnavailableError('This browser has no passkeys');
    try {
      return (await prompt() as PublicKeyCredential).toJSON();
    } catch (error) {
      const { name } = error as DOMException;
      if (signal?.aborted || silent.includes(name))
        return null;
      throw name === 'InvalidStateError' ? new PasskeyExistsError(error) : new PasskeysUnavailableError('The browser takes no passkey here', error);
    }
  };

  return {
    isSupported,

    /** Returns whether the browser can offer passkeys among the names for a field. */
    canOffer: async (): Promise<boolean> => isSupported && await type!.isConditionalMediationAvailable?.() === true,

    get: (options: PublicKeyCredentialRequestOptionsJSON, conditional = false, signal?: AbortSignal) => run(() => navigator!.credentials!.get({
      publicKey: type!.parseRequestOptionsFromJSON(options),
      ...(conditional && { mediation: 'conditional' }),
      ...(signal && { signal }),
    }), conditional ? notOffered : declining, signal),

    create: (options: PublicKeyCredentialCreationOptionsJSON) => run(() => navigator!.credentials!.create({
      publicKey: type!.parseCreationOptionsFromJSON(options),
    })),
  };
}
