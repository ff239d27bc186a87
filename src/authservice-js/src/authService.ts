import { createAccountDevices, type AccountDevices } from './accountDevices.js';
import { createAccountEmail, type AccountEmail } from './accountEmail.js';
import { createAccountPasskeys, type AccountPasskeys } from './accountPasskeys.js';
import { createAccountSessions, type AccountSessions } from './accountSessions.js';
import { createAuthenticator, type Authenticator } from './authenticator.js';
import { bearerFetch, onlyTo, type Fetch } from './bearerFetch.js';
import { BrowserSession } from './browserSession.js';
import type { Identity } from './claims.js';
import { SignedOutError } from './errors.js';
import { createFreshProof, type AskForProof } from './freshProof.js';
import type { Listener } from './knownSession.js';
import { chooseLock } from './lock.js';
import { signInWithPasskey, type PasskeySignInOptions } from './passkeySignIn.js';
import type { SecondFactorOwed } from './secondFactor.js';
import { createService, type Credentials, type Service } from './service.js';
import { createServiceCall, type ServiceCall } from './serviceCall.js';
import { createStopwatch } from './stopwatch.js';
import { listenTo, type Surroundings } from './surroundings.js';
import { createTokenSource, type TokenSource } from './tokenSource.js';

export interface AuthServiceOptions {
  /** The address of the service, for example `https://auth.example.com`. */
  readonly url: string;
  /** The login service that people sign in to. Its mode must be `Web`. */
  readonly service: string;
  /** Further origins that `fetch` may send the access token to. The page's own and the service's are always allowed. */
  readonly apiOrigins?: readonly string[];
  /** Asks the person for a fresh proof when a call needs one (RFC 9470). Without it the call is answered with its 401. */
  readonly askForProof?: AskForProof;
}

/** A token that can be used once within 30 seconds. */
export interface OneTimeToken {
  readonly accessToken: string;
  readonly jti: string;
}

/** Keeps a person signed in, in all tabs of this browser. Make one instance for the page and share it. */
export class AuthService {
  /** The signed-in person's sessions on all devices. */
  readonly sessions: AccountSessions;
  /** The signed-in person's passkeys. */
  readonly passkeys: AccountPasskeys;
  /** The browsers that the signed-in person has signed in with. */
  readonly devices: AccountDevices;
  /** The signed-in person's e-mail address. */
  readonly email: AccountEmail;
  /** The second step that the sign-in of a plain form has led to; null when there is none. */
  readonly secondFactorOwed: SecondFactorOwed | null;
  readonly #loginService: string;
  readonly #service: Service;
  readonly #session: BrowserSession;
  readonly #tokens: TokenSource;
  readonly #authenticator: Authenticator;
  readonly #call: ServiceCall;
  readonly #callSignedOut: ServiceCall;
  readonly #sendAnywhere: Fetch;
  readonly #stopListening: () => void;

  constructor(options: AuthServiceOptions, surroundings: Surroundings = globalThis) {
    const url = options.url.replace(/\/+$/, '');
    const name = `authservice ${url}`;
    const stopwatch = createStopwatch(surroundings);
    const service = this.#service = createService(url, surroundings, stopwatch);
    const session = this.#session = new BrowserSession(name, surroundings, stopwatch);
    const exclusively = chooseLock(name, surroundings);
    const tokens = this.#tokens = createTokenSource(session, service, exclusively, stopwatch);
    const authenticator = this.#authenticator = createAuthenticator(surroundings);
    this.#loginService = options.service;
    this.secondFactorOwed = session.challengeId === null ? null : tokens.owe(session.challengeId);

    const sendToService = (call: Request): Promise<Response> => service.send(call);
    const sendUnproved = bearerFetch(sendToService, tokens);
    const proof = options.askForProof && createFreshProof(options.askForProof, createServiceCall(service, sendUnproved), tokens, authenticator);
    this.#callSignedOut = createServiceCall(service, sendToService, true);
    const call = this.#call = createServiceCall(service, bearerFetch(sendToService, tokens, proof));
    const callInTurn = createServiceCall(service, bearerFetch(request => exclusively(() => sendToService(request)), tokens, proof));
    this.sessions = createAccountSessions(call, callInTurn, session, tokens);
    this.passkeys = createAccountPasskeys(call, tokens, authenticator);
    this.devices = createAccountDevices(call);
    this.email = createAccountEmail(call);

    const origins = [url, surroundings.location?.origin ?? url, ...options.apiOrigins ?? []].map(text => new URL(text).origin);
    const send = bearerFetch(request => surroundings.fetch(request), tokens, proof);
    this.#sendAnywhere = onlyTo(new Set(origins), send);
    this.#stopListening = followOthers(surroundings, session, tokens);
  }

  /**
   * Signs in, in all tabs. When a second factor is needed, nobody is signed in before the returned `SecondFactorOwed` is answered.
   * @throws {WrongPasswordError} @throws {NewPasswordRequestedError} @throws {LockedError} @throws {UnavailableError} @throws {RefusedError}
   */
  signIn(username: string, password: string, options: Pick<Credentials, 'publicComputer'> = {}): Promise<Identity | SecondFactorOwed> {
    return this.#tokens.signIn(this.#loginService, { username, password, ...options });
  }

  /**
   * Signs in with a passkey, in all tabs. A passkey counts as both factors.
   * @returns Null when the person cancels, the signal is aborted, or the browser cannot offer passkeys among the names (`conditional`).
   * @throws {WrongPasskeyError} @throws {PasskeysUnavailableError} @throws {NewPasswordRequestedError} @throws {LockedError} @throws {UnavailableError}
   * @throws {RefusedError}
   */
  signInWithPasskey(options: PasskeySignInOptions = {}): Promise<Identity | null> {
    return signInWithPasskey(this.#loginService, options, this.#service, this.#tokens, this.#authenticator);
  }

  /**
   * Mails a link for a new password to the address. The service does not say whether the address belongs to an account.
   * @throws {RefusedError} The code `MAIL_NOT_CONFIGURED`: the service sends no mail. Status 400: the text is not an address.
   * @throws {UnavailableError}
   */
  async requestPasswordReset(email: string): Promise<void> {
    await this.#callSignedOut('POST', '/api/password/reset', { email });
  }

  /**
   * Sets a new password and revokes all of the person's sessions. It signs nobody in.
   * @param token The token from the mail's link, or of a `NewPasswordRequestedError`.
   * @throws {PasswordNotAllowedError} The token can be used again then. @throws {InvalidLinkError} @throws {UnavailableError} @throws {RefusedError}
   */
  async resetPassword(token: string, newPassword: string): Promise<void> {
    await this.#callSignedOut('POST', '/api/password/reset/new', { token, newPassword });
    this.#tokens.replaceUnnoticed(); // the session of this browser may have been the same person's
  }

  /**
   * Confirms a new e-mail address. It signs nobody in or out.
   * @param token The token from the mail's link.
   * @throws {InvalidLinkError} @throws {UnavailableError} @throws {RefusedError}
   */
  async confirmEmail(token: string): Promise<void> {
    await this.#callSignedOut('POST', '/account/email/confirm', { token });
  }

  /**
   * Undoes the change that a notice tells of, voids the password and revokes all of the person's sessions. Ask the person before you call it.
   * @param token The token from the notice's link.
   * @throws {InvalidLinkError} @throws {UnavailableError} @throws {RefusedError}
   */
  async reportNotMe(token: string): Promise<void> {
    await this.#callSignedOut('POST', '/account/not-me', { token });
    this.#tokens.replaceUnnoticed(); // the session of this browser may have been the same person's
  }

  /**
   * Gets an access token that is valid for the next call. It is renewed before it expires, but only when a call needs it: a page that nobody uses lets its
   * session go idle.
   * @throws {SignedOutError} @throws {UnavailableError}
   */
  async getAccessToken(): Promise<string> {
    return (await this.#tokens.grant()).accessToken;
  }

  /**
   * Gets the person who is signed in, also after a reload; null when nobody is.
   * @throws {UnavailableError}
   */
  async getIdentity(): Promise<Identity | null> {
    try {
      return (await this.#tokens.grant()).identity;
    } catch (error) {
      if (error instanceof SignedOutError)
        return null;
      throw error;
    }
  }

  /**
   * Calls `fetch` with the access token. After a 401 the call is sent again with a new token, and again when `askForProof` gave the proof that it needs.
   * It is never sent for another person who has signed in since it began.
   * @throws {TypeError} The origin may not see the token, or `fetch` throws it.
   * @throws {SignedOutError} @throws {UnavailableError}
   */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> =>
    this.#sendAnywhere(new Request(input, init));

  /**
   * Signs out in all tabs.
   * @throws {UnavailableError} Nobody has been signed out then, because the session is still active.
   */
  signOut(): Promise<void> {
    return this.#tokens.signOut();
  }

  /**
   * Gets a token for one use, narrowed to these scopes.
   * @throws {RefusedError} The scopes are malformed (400), or the access token does not cover them (403).
   */
  requestOneTimeToken(...scopes: readonly string[]): Promise<OneTimeToken> {
    return this.#call('POST', '/auth/request', { audience: scopes.join(',') }) as Promise<OneTimeToken>;
  }

  /**
   * Calls the listener when another person is signed in, or nobody any more. The change may come from another tab or device.
   * @returns A function that removes the listener.
   */
  onChange(listener: Listener): () => void {
    return this.#session.known.listen(listener);
  }

  /** Stops listening to the other tabs. Nobody is signed out. */
  close(): void {
    this.#stopListening();
    this.#session.close();
  }
}

/** Follows the changes in other tabs, and those that this tab may have missed while it was not running. */
function followOthers(surroundings: Surroundings, session: BrowserSession, tokens: TokenSource): () => void {
  const stopFollowing = session.follow(() => tokens.renewUnnoticed());
  const stopDoubting = listenTo(surroundings, 'pageshow', event => {
    if ((event as PageTransitionEvent).persisted)
      tokens.replaceUnnoticed(); // in the back/forward cache the page got no messages
  });
  return () => {
    stopFollowing();
    stopDoubting();
  };
}
