import type { Authenticator } from './authenticator.js';
import type { ServiceCall } from './serviceCall.js';
import type { TokenSource } from './tokenSource.js';

/** One of the person's passkeys (src/AuthService/README.md#account-api). Moments are milliseconds since 1970. */
export interface Passkey {
  readonly id: string;
  /** As its owner calls it. */
  readonly name: string;
  readonly createdAt: number;
  /** When it last signed in or proved an identity; null when it never did. */
  readonly lastUsedAt: number | null;
  /** Whether it may be on several devices; otherwise it is bound to the one that made it. */
  readonly synced: boolean;
}

/** The signed-in person's passkeys. What asks for a fresh proof gets it by `askForProof`. */
export interface AccountPasskeys {
  /** Whether this browser can make and use passkeys. */
  readonly areSupported: boolean;

  /** The oldest first. */
  list(): Promise<Passkey[]>;

  /**
   * Has the browser make a passkey, and keeps it.
   * @param name By default that of the browser and the system.
   * @returns Null when the person would rather not.
   * @throws {PasskeyExistsError} @throws {PasskeysUnavailableError} @throws {WrongPasskeyError}
   * @throws {RefusedError} With the code `TOO_MANY_PASSKEYS` beyond 20, and with status 401 when the fresh proof was not given.
   */
  add(name?: string): Promise<Passkey | null>;

  /** @throws {RefusedError} With status 404 when the person has no such passkey, 400 for a name that is none. */
  rename(id: string, name: string): Promise<void>;

  /**
   * Nobody can sign in with it any more; sessions stay.
   * @throws {RefusedError} With status 404 when the person has no such passkey, and 401 when the fresh proof was not given.
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
      tokens.replaceUnnoticed(); // the session is one with two factors from now on, which its next token says
      return added;
    },

    rename: async (id, name) => call('PATCH', `${path}/${encodeURIComponent(id)}`, { name }) as Promise<void>,

    remove: async id => call('DELETE', `${path}/${encodeURIComponent(id)}`) as Promise<void>,
  };
}
