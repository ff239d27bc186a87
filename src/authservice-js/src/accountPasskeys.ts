import type { Authenticator } from './authenticator.js';
import type { ServiceCall } from './serviceCall.js';
import type { TokenSource } from './tokenSource.js';

/** One of the person's passkeys (src/AuthService/README.md#account-api). Times are milliseconds since 1970. */
export interface Passkey {
  readonly id: string;
  /** The name that the person gave it. */
  readonly name: string;
  readonly createdAt: number;
  /** When the passkey was last used; null when it never was. */
  readonly lastUsedAt: number | null;
  /** Whether the passkey can be on several devices; otherwise it is bound to the device that made it. */
  readonly synced: boolean;
}

/** The signed-in person's passkeys. Where a change needs a fresh proof, `askForProof` gives it. */
export interface AccountPasskeys {
  /** Whether this browser can make and use passkeys. */
  readonly areSupported: boolean;

  /** Lists the passkeys, the oldest first. */
  list(): Promise<Passkey[]>;

  /**
   * Asks the browser to make a passkey, and adds it to the account.
   * @param name The name of the passkey; by default that of the browser and the system.
   * @returns Null when the person cancels.
   * @throws {PasskeyExistsError} @throws {PasskeysUnavailableError} @throws {WrongPasskeyError}
   * @throws {RefusedError} The code `TOO_MANY_PASSKEYS`: the person has 20 of them. Status 401: the fresh proof was not given.
   */
  add(name?: string): Promise<Passkey | null>;

  /** @throws {RefusedError} Status 404: the person has no such passkey. Status 400: the name is not allowed. */
  rename(id: string, name: string): Promise<void>;

  /**
   * Removes a passkey, so that it cannot sign in any more. Sessions stay.
   * @throws {RefusedError} Status 404: the person has no such passkey. Status 401: the fresh proof was not given.
   */
  remove(id: string): Promise<void>;
}

const path = '/account/passkeys';

export function createAccountPasskeys(call: ServiceCall, tokens: TokenSource, authenticator: Authenticator): AccountPasskeys {
  return {
    areSupported: authenticator.isSupported,
    list: () => call('GET', path) as Promise<Passkey[]>,

    async add(name) {
      const { challengeId, options } = await call('POST', `${path}/options`) as { challengeId: string; options: PublicKeyCredentialCreationOptionsJSON };
      const credential = await authenticator.create(options);
      if (credential === null)
        return null;
      const added = await call('POST', path, { challengeId, credential, name }) as Passkey;
      tokens.replaceUnnoticed(); // the session has two factors now, which only its next token says
      return added;
    },

    rename: async (id, name) => call('PATCH', `${path}/${encodeURIComponent(id)}`, { name }) as Promise<void>,

    remove: async id => call('DELETE', `${path}/${encodeURIComponent(id)}`) as Promise<void>,
  };
}
