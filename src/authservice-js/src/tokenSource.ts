import type { BrowserSession } from './browserSession.js';
import type { Identity } from './claims.js';
import { SignedOutError, UnavailableError } from './errors.js';
import type { Grant } from './grant.js';
import type { Exclusively } from './lock.js';
import type { Credentials, Service } from './service.js';
import type { Moment, Stopwatch } from './stopwatch.js';

/** Signs in and out and renews the access token, each of them in one tab at a time, as all of them are about one cookie. */
export class TokenSource {
  readonly #session: BrowserSession;
  readonly #service: Service;
  readonly #exclusively: Exclusively;
  readonly #stopwatch: Stopwatch;
  #renewing: Promise<Grant> | null = null;
  #failure: { readonly error: UnavailableError; readonly at: Moment } | null = null;

  constructor(session: BrowserSession, service: Service, exclusively: Exclusively, stopwatch: Stopwatch) {
    this.#session = session;
    this.#service = service;
    this.#exclusively = exclusively;
    this.#stopwatch = stopwatch;
  }

  signIn(loginService: string, credentials: Credentials): Promise<Identity> {
    return this.#exclusively(async () => {
      const grant = await this.#service.signIn(loginService, credentials);
      this.#failure = null;
      this.#session.begin(grant);
      return grant.identity;
    });
  }

  /** One that outlives the call it is used for. */
  async grant(): Promise<Grant> {
    const { held } = this.#session.known;
    if (!held?.isUsable())
      return this.#renew();
    if (!held.isFresh())
      this.renewUnnoticed();
    return held;
  }

  /** For when nobody waits for the token: who does wait for one later hears what is wrong. */
  renewUnnoticed(): void {
    this.#renew().catch(() => undefined);
  }

  /** Signing out is done when the service says so: as long as it cannot be reached its session lives. */
  signOut(): Promise<void> {
    return this.#exclusively(async () => {
      for (let csrfToken = this.#session.csrfToken(); csrfToken !== null; csrfToken = this.#session.csrfToken()) {
        await this.#service.signOut(csrfToken);
        this.#session.end(csrfToken);
      }
    });
  }

  #renew(): Promise<Grant> {
    return this.#renewing ??= this.#exclusively(() => this.#renewInTurn()).finally(() => this.#renewing = null);
  }

  /** By the time it is this tab's turn another one may have done it. */
  async #renewInTurn(): Promise<Grant> {
    const { held } = this.#session.known;
    return held?.isFresh() ? held : this.#refresh();
  }

  async #refresh(): Promise<Grant> {
    this.#checkPause();
    for (let csrfToken = this.#session.csrfToken(); csrfToken !== null; csrfToken = this.#session.csrfToken()) {
      const grant = await this.#tryRefresh(csrfToken);
      if (grant === null)
        this.#session.end(csrfToken);
      else if (this.#session.renew(csrfToken, grant))
        return grant;
    }
    this.#session.known.foundNobody();
    throw new SignedOutError();
  }

  async #tryRefresh(csrfToken: string): Promise<Grant | null> {
    try {
      const grant = await this.#service.refresh(csrfToken);
      this.#failure = null;
      return grant;
    } catch (error) {
      if (error instanceof UnavailableError)
        this.#failure = { error, at: this.#stopwatch.moment() };
      throw error;
    }
  }

  /** A service in trouble is left alone for as long as it asked. */
  #checkPause(): void {
    if (this.#failure === null)
      return;
    const { error, at } = this.#failure;
    const seconds = error.retryAfterSeconds - this.#stopwatch.since(at) / 1000;
    if (seconds > 0)
      throw new UnavailableError(error.message, seconds, { cause: error });
  }
}
