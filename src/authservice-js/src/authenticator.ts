import { PasskeyExistsError, PasskeysUnavailableError } from './errors.js';
import type { Surroundings } from './surroundings.js';

/** What a browser gives for the service's options: WebAuthn's JSON. */
export type Credential = RegistrationResponseJSON | AuthenticationResponseJSON;

export type Authenticator = ReturnType<typeof createAuthenticator>;

const declining = ['NotAllowedError', 'AbortError'];

/** Some browsers say only when they are asked that they offer no passkeys among the names. */
const notOffered = [...declining, 'NotSupportedError'];

/** Has the browser ask the person for a passkey, or make one (WebAuthn). Null: the person would rather not, or the signal took the question back. */
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

    /** Whether the browser offers passkeys among the names for a field. */
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
