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
  /** Where the service is: `https://auth.example.com`. */
  readonly url: string;
  /** The login service that people sign in for, of the mode `Web`. */
  readonly service: string;
  /** Origins that `fetch` may send the access token to, beside the page's own and the service's. */
  readonly apiOrigins?: readonly string[];
  /** Asks the person for a fresh proof when a call needs one (RFC 9470). Without it such a call is answered with its 401. */
  readonly askForProof?: AskForProof;
}

/** A token that is good for one use within 30 seconds. */
export interface OneTimeToken {
  readonly accessToken: string;
  readonly jti: string;
}

/** Keeps a person signed in, in all tabs of this browser. Make one for the page and share it. */
export class AuthService {
  /** The signed-in person's sessions on all devices. */
  readonly sessions: AccountSessions;
  /** The signed-in person's passkeys. */
  readonly passkeys: AccountPasskeys;
  /** The browsers that the signed-in person has signed in with. */
  readonly devices: AccountDevices;
  /** The signed-in person's e-mail address. */
  readonly email: AccountEmail;
  /** What the sign-in of a plain form has left to be answered; null when there is nothing. */
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
    const tokens = this.#tokens = createTokenSource(session, service, chooseLock(name, surroundings), stopwatch);
    const authenticator = this.#authenticator = createAuthenticator(surroundings);
    this.#loginService = options.service;
    this.secondFactorOwed = session.challengeId === null ? null : tokens.owe(session.challengeId);

    const sendToService = (call: Request): Promise<Response> => service.send(call);
    const sendUnproved = bearerFetch(sendToService, tokens);
    const proof = options.askForProof && createFreshProof(options.askForProof, createServiceCall(service, sendUnproved), tokens, authenticator);
    this.#callSignedOut = createServiceCall(service, sendToService, true);
    const call = this.#call = createServiceCall(service, bearerFetch(sendToService, tokens, proof));
    this.sessions = createAccountSessions(call, session, tokens);
    this.passkeys = createAccountPasskeys(call, tokens, authenticator);
    this.devices = createAccountDevices(call);
    this.email = createAccountEmail(call);

    const origins = [url, surroundings.location?.origin ?? url, ...options.apiOrigins ?? []].map(text => new URL(text).origin);
    const send = bearerFetch(request => surroundings.fetch(request), tokens, proof);
    this.#sendAnywhere = onlyTo(new Set(origins), send);
    this.#stopListening = followOthers(surroundings, session, tokens);
  }

  /**
   * Signs in, in all tabs; or gives what is to be answered with a second factor before anybody is signed in.
   * @throws {WrongPasswordError} @throws {NewPasswordRequestedError} @throws {LockedError} @throws {UnavailableError} @throws {RefusedError}
   */
  signIn(username: string, password: string, options: Pick<Credentials, 'publicComputer'> = {}): Promise<Identity | SecondFactorOwed> {
    return this.#tokens.signIn(this.#loginService, { username, password, ...options });
  }

  /**
   * Signs in with a passkey, which is both factors, in all tabs.
   * @returns Null when the person would rather not, the signal took the question back, or the browser offers none among the names (`conditional`).
   * @throws {WrongPasskeyError} @throws {PasskeysUnavailableError} @throws {NewPasswordRequestedError} @throws {LockedError} @throws {UnavailableError}
   * @throws {RefusedError}
   */
  signInWithPasskey(options: PasskeySignInOptions = {}): Promise<Identity | null> {
    return signInWithPasskey(this.#loginService, options, this.#service, this.#tokens, this.#authenticator);
  }

  /**
   * Mails a link for a new password to whoever has the address. The service does not say whether anybody has.
   * @throws {RefusedError} With the code `MAIL_NOT_CONFIGURED` where no mail is sent, and with status 400 for what is no address.
   * @throws {UnavailableError}
   */
  async requestPasswordReset(email: string): Promise<void> {
    await this.#callSignedOut('POST', '/api/password/reset', { email });
  }

  /**
   * Sets a new password and revokes all of the person's sessions. Nobody is signed in by it.
   * @param token Of the mail's link, or of a `NewPasswordRequestedError`.
   * @throws {PasswordNotAllowedError} Then the token stays good. @throws {InvalidLinkError} @throws {UnavailableError} @throws {RefusedError}
   */
  async resetPassword(token: string, newPassword: string): Promise<void> {
    await this.#callSignedOut('POST', '/api/password/reset/new', { token, newPassword });
    this.#tokens.replaceUnnoticed(); // the session of this browser may have been the same person's
  }

  /**
   * Makes an address that of the person who was mailed its link. Nobody is signed in by it, or out.
   * @param token Of the mail's link.
   * @throws {InvalidLinkError} @throws {UnavailableError} @throws {RefusedError}
   */
  async confirmEmail(token: string): Promise<void> {
    await this.#callSignedOut('POST', '/account/email/confirm', { token });
  }

  /**
   * Undoes what a notice tells of that somebody else did, voids the password and revokes all of the person's sessions. Ask before you call it.
   * @param token Of the notice's link.
   * @throws {InvalidLinkError} @throws {UnavailableError} @throws {RefusedError}
   */
  async reportNotMe(token: string): Promise<void> {
    await this.#callSignedOut('POST', '/account/not-me', { token });
    this.#tokens.replaceUnnoticed(); // the session of this browser may have been the same person's
  }

  /**
   * An access token that is good for the next call. It is renewed ahead of its expiry when it is asked for, and not
   * otherwise: a page that nobody uses does not keep its session from going idle.
   * @throws {SignedOutError} @throws {UnavailableError}
   */
  async getAccessToken(): Promise<string> {
    return (await this.#tokens.grant()).accessToken;
  }

  /**
   * Who is signed in, also after a reload; null when nobody is.
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
   * `fetch` with the access token, tried once more with a new one after a 401, and once more when `askForProof` gave what the call needs.
   * It is never sent for somebody else who has signed in since it began.
   * @throws {TypeError} For an origin that may not see the token, and where `fetch` throws it.
   * @throws {SignedOutError} @throws {UnavailableError}
   */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> =>
    this.#sendAnywhere(new Request(input, init));

  /**
   * Signs out in all tabs.
   * @throws {UnavailableError} Then nobody has been signed out, as the session still lives.
   */
  signOut(): Promise<void> {
    return this.#tokens.signOut();
  }

  /**
   * A token for one use, narrowed to these scopes.
   * @throws {RefusedError} Malformed scopes (400), or scopes that the access token does not cover (403).
   */
  requestOneTimeToken(...scopes: readonly string[]): Promise<OneTimeToken> {
    return this.#call('POST', '/auth/request', { audience: scopes.join(',') }) as Promise<OneTimeToken>;
  }

  /**
   * Calls the listener whenever somebody else is signed in, or nobody any more, whichever tab or device did it.
   * @returns Stops it.
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

/** What happened in other tabs, and what may have happened while this one was not running. */
function followOthers(surroundings: Surroundings, session: BrowserSession, tokens: TokenSource): () => void {
  const stopFollowing = session.follow(() => tokens.renewUnnoticed());
  const stopDoubting = listenTo(surroundings, 'pageshow', event => {
    if ((event as PageTransitionEvent).persisted)
      tokens.replaceUnnoticed(); // out of the back/forward cache, where it heard nothing
  });
  return () => {
    stopFollowing();
    stopDoubting();
  };
}
