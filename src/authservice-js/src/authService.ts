import { createAccountSessions, type AccountSessions } from './accountSessions.js';
import { bearerFetch, onlyTo, sendForJson, type Fetch } from './bearerFetch.js';
import { BrowserSession } from './browserSession.js';
import type { Identity } from './claims.js';
import { SignedOutError } from './errors.js';
import type { Listener } from './knownSession.js';
import { chooseLock } from './lock.js';
import { Service, type Credentials } from './service.js';
import { createStopwatch } from './stopwatch.js';
import { listenTo, type Surroundings } from './surroundings.js';
import { TokenSource } from './tokenSource.js';

export interface AuthServiceOptions {
  /** Where the service is: `https://auth.example.com`. */
  readonly url: string;
  /** The login service that people sign in for, of the mode `Web`. */
  readonly service: string;
  /** Origins that `fetch` may send the access token to, beside the page's own and the service's. */
  readonly apiOrigins?: readonly string[];
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
  readonly #loginService: string;
  readonly #service: Service;
  readonly #session: BrowserSession;
  readonly #tokens: TokenSource;
  readonly #send: Fetch;
  readonly #sendAnywhere: Fetch;
  readonly #stopListening: () => void;

  constructor(options: AuthServiceOptions, surroundings: Surroundings = globalThis) {
    const url = options.url.replace(/\/+$/, '');
    const name = `authservice ${url}`;
    const stopwatch = createStopwatch(surroundings);
    const service = this.#service = new Service(url, surroundings, stopwatch);
    const session = this.#session = new BrowserSession(name, surroundings, stopwatch);
    const tokens = this.#tokens = new TokenSource(session, service, chooseLock(name, surroundings), stopwatch);
    this.#loginService = options.service;
    this.#send = bearerFetch(call => service.send(call), tokens, session.known);
    this.sessions = createAccountSessions(service, this.#send, session);

    const origins = [url, surroundings.location?.origin ?? url, ...options.apiOrigins ?? []].map(text => new URL(text).origin);
    const send = bearerFetch(request => surroundings.fetch(request), tokens, session.known);
    this.#sendAnywhere = onlyTo(new Set(origins), send);
    this.#stopListening = followOthers(surroundings, session, tokens);
  }

  /**
   * Signs in, in all tabs.
   * @throws {WrongPasswordError} @throws {LockedError} @throws {UnavailableError} @throws {RefusedError}
   */
  signIn(username: string, password: string, options: Pick<Credentials, 'publicComputer'> = {}): Promise<Identity> {
    return this.#tokens.signIn(this.#loginService, { username, password, ...options });
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
   * `fetch` with the access token, tried once more with a new one after a 401.
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
    const body = JSON.stringify({ audience: scopes.join(',') });
    const headers = { 'Content-Type': 'application/json' };
    return sendForJson(this.#send, this.#service.request('/auth/request', { method: 'POST', body, headers })) as Promise<OneTimeToken>;
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
    if (!(event as PageTransitionEvent).persisted)
      return;
    session.known.rejected(session.known.held?.accessToken); // out of the back/forward cache, where it heard nothing
    tokens.renewUnnoticed();
  });
  return () => {
    stopFollowing();
    stopDoubting();
  };
}
