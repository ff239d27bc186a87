import type { BrowserSession } from './browserSession.js';
import type { Identity } from './claims.js';
import { RefusedError, SignedOutError, UnavailableError } from './errors.js';
import { isOfSame, type Grant } from './grant.js';
import type { Exclusively } from './lock.js';
import { SecondFactorOwed } from './secondFactor.js';
import { isChallenge, type Credentials, type ProofAnswer, type Service } from './service.js';
import type { Moment, Stopwatch } from './stopwatch.js';

/** Signs in and out and renews the access token, each of them in one tab at a time, as all of them are about one cookie. */
export class TokenSource {
  readonly #session: BrowserSession;
  readonly #service: Service;
  readonly #exclusively: Exclusively;
  readonly #stopwatch: Stopwatch;
  #renewing: Promise<Grant> | null = null;
  #ended = new SignedOutError();
  #failure: { readonly error: UnavailableError; readonly at: Moment } | null = null;

  constructor(session: BrowserSession, service: Service, exclusively: Exclusively, stopwatch: Stopwatch) {
    this.#session = session;
    this.#service = service;
    this.#exclusively = exclusively;
    this.#stopwatch = stopwatch;
  }

  signIn(loginService: string, credentials: Credentials): Promise<Identity | SecondFactorOwed> {
    return this.#exclusively(async () => {
      const answer = await this.#service.signIn(loginService, credentials);
      return isChallenge(answer) ? this.owe(answer['2fa']) : this.#begin(answer);
    });
  }

  owe(challengeId: string): SecondFactorOwed {
    return new SecondFactorOwed(challengeId, (id, code, options) => this.begin(() => this.#service.answer(id, code, options)));
  }

  /** @param signIn The call that sets the cookie. */
  begin(signIn: () => Promise<Grant>): Promise<Identity> {
    return this.#exclusively(async () => this.#begin(await signIn()));
  }

  /**
   * @param asked The token of whoever was asked for the proof.
   * @returns An access token that holds the proof; null when somebody else has signed in meanwhile.
   */
  async prove(asked: Grant, proof: ProofAnswer): Promise<Grant | null> {
    const held = await this.grant();
    if (!isOfSame(asked, held))
      return null;
    const grant = await this.#service.reauthenticate(held, proof).catch(error => {
      if (error instanceof RefusedError && error.status === 401)
        this.#session.known.rejected(held.accessToken);
      throw error;
    });
    this.#session.renew(held.csrfToken, grant);
    return grant;
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

  /**
   * One for a call of whom the page shows at this moment.
   * @throws {SignedOutError} Also when somebody else has signed in before there was one.
   */
  async grantToCaller(): Promise<Grant> {
    const { shown } = this.#session.known;
    const grant = await this.grant();
    if (shown && !isOfSame(shown, grant))
      throw new SignedOutError();
    return grant;
  }

  /** For when the service has refused it. */
  replace(refused: Grant): Promise<Grant> {
    this.#session.known.rejected(refused.accessToken);
    return this.grant();
  }

  /** For when nobody waits for the token: who does wait for one later hears what is wrong. */
  renewUnnoticed(): void {
    this.#renew().catch(() => undefined);
  }

  /** For when the token that is held may say what is no longer so. */
  replaceUnnoticed(): void {
    const { known } = this.#session;
    known.rejected(known.held?.accessToken);
    this.renewUnnoticed();
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

  #begin(grant: Grant): Identity {
    this.#failure = null;
    this.#ended = new SignedOutError();
    this.#session.begin(grant);
    return grant.identity;
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
      if (grant instanceof SignedOutError) {
        this.#session.end(csrfToken);
        this.#ended = grant;
      } else if (this.#session.renew(csrfToken, grant)) {
        return grant;
      }
    }
    this.#session.known.foundNobody();
    throw this.#ended;
  }

  async #tryRefresh(csrfToken: string): Promise<Grant | SignedOutError> {
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
