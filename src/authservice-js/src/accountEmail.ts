import type { ServiceCall } from './serviceCall.js';

/** The person's e-mail address (src/AuthService/README.md#account-api). */
export interface OwnEmail {
  /** Null when none is known. */
  readonly email: string | null;
  /** Whether the person has shown that they read its mail. */
  readonly confirmed: boolean;
  /** Whether the service sends mail, without which no address is confirmed. */
  readonly canChange: boolean;
}

/** The signed-in person's e-mail address. What asks for a fresh proof gets it by `askForProof`. */
export interface AccountEmail {
  get(): Promise<OwnEmail>;

  /**
   * Mails a link to the new address, which is the person's once the link is opened, and a notice to the old one.
   * @throws {RefusedError} With the code `MAIL_NOT_CONFIGURED` where no mail is sent, status 400 for what is no address, and 401 when the fresh proof was not
   * given.
   * @throws {UnavailableError} Also when too many mails went to this address.
   */
  change(email: string): Promise<void>;
}

const path = '/account/email';

export function createAccountEmail(call: ServiceCall): AccountEmail {
  return {
    get: () => call('GET', path) as Promise<OwnEmail>,
    change: email => call('PUT', path, { email }) as Promise<void>,
  };
}
