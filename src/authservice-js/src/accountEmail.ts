import type { ServiceCall } from './serviceCall.js';

/** The person's e-mail address (src/AuthService/README.md#account-api). */
export interface OwnEmail {
  /** The address; null when none is known. */
  readonly email: string | null;
  /** Whether the person has confirmed the address by a link that was mailed to it. */
  readonly confirmed: boolean;
  /** Whether the address can be changed. That needs a service that sends mail. */
  readonly canChange: boolean;
}

/** The signed-in person's e-mail address. A change needs a fresh proof, which `askForProof` gives. */
export interface AccountEmail {
  get(): Promise<OwnEmail>;

  /**
   * Mails a link to the new address and a notice to the old one. The new address becomes the person's when the link is opened.
   * @throws {RefusedError} The code `MAIL_NOT_CONFIGURED`: the service sends no mail. Status 400: the text is not an address. Status 401: the fresh proof was
   * not given.
   * @throws {UnavailableError} Also when too many mails were sent to this address.
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
