import { decodeJwt } from 'jose';
import { UnavailableError } from './errors.js';
import { refusalOf, retried, type ServiceCalls } from './serviceCalls.js';
import { Stopwatch, unlessAborted, within, type Moment, type Surroundings } from './surroundings.js';

/**
 * The credential of this service's account: a refresh token (`rt_…`), an API key (`sk_…`), or a function that returns one of them. The function is called
 * each time the credential is needed, so that a new one is used without a restart. It has ten seconds.
 */
export type Credential = string | (() => string | Promise<string>);

/** An access token. Its age is measured here, so that a difference between the clocks does no harm. */
interface HeldToken {
  readonly text: string;
  readonly since: Moment;
  /** The time from issue to expiry in seconds. */
  readonly lifetime: number;
}

/** How long before its expiry an access token is renewed, in seconds. It is at most half of the token's lifetime. */
const RENEW_AHEAD = 60;

/** A token younger than this, in seconds, is refused for another reason than its age. */
const SURELY_VALID = 10;

/** The timeout of a refresh, and of the function that gives the credential, in seconds. */
const PATIENCE = 10;

/** Gives the bearer for calls: the API key, or an access token that is renewed before it expires, by one call at a time. */
export class ServiceCredential {
  private readonly stopwatch: Stopwatch;
  private held: HeldToken | null = null;
  private renewal: Promise<string> | null = null;

  constructor(private readonly credential: Credential, private readonly calls: ServiceCalls, surroundings: Surroundings) {
    this.stopwatch = new Stopwatch(surroundings);
    if (typeof credential === 'string')
      checkKind(credential);
    else if (typeof credential !== 'function')
      throw new TypeError('credential is missing');
  }

  /**
   * Gets the text that is sent as the bearer.
   * @throws {AuthServiceError} There is no valid access token, and a refresh failed.
   */
  async get(): Promise<string> {
    const held = this.held;
    if (held !== null && !this.isDue(held))
      return held.text;
    // While the held token is valid all calls use it, and a renewal that fails is retried. After that they wait for the new one.
    const renewal = this.renew();
    if (held === null || this.stopwatch.since(held.since) >= held.lifetime)
      return renewal;
    renewal.catch(() => undefined);
    return held.text;
  }

  /** Drops a refused access token. Returns whether a retry with another bearer makes sense. */
  tryForget(refused: string): boolean {
    if (refused.startsWith('sk_'))
      return false;
    if (this.held?.text !== refused)
      return true; // another call has replaced it already
    if (this.stopwatch.since(this.held.since) < SURELY_VALID)
      return false;
    this.held = null;
    return true;
  }

  private isDue(held: HeldToken): boolean {
    return this.stopwatch.since(held.since) >= held.lifetime - Math.min(RENEW_AHEAD, held.lifetime / 2);
  }

  private renew(): Promise<string> {
    this.renewal ??= this.obtain().finally(() => this.renewal = null);
    return this.renewal;
  }

  private async obtain(): Promise<string> {
    const secret = typeof this.credential === 'string' ? this.credential : await ask(this.credential);
    if (checkKind(secret) === 'apiKey')
      return secret;
    this.held = await this.refresh(secret);
    return this.held.text;
  }

  private async refresh(refreshToken: string): Promise<HeldToken> {
    const since = this.stopwatch.moment();
    const answer = await within(PATIENCE, [], signal => retried(() => this.calls.send('POST', 'auth/refresh', refreshToken, signal), signal));
    if (answer.status !== 200)
      throw refusalOf(answer);
    try {
      const { accessToken } = answer.body as { accessToken: string };
      const { exp = NaN, iat = NaN } = decodeJwt(accessToken);
      if (!(exp > iat))
        throw new Error('It does not say when it was issued and expires');
      return { text: accessToken, since, lifetime: exp - iat };
    }
    catch (error) {
      throw new UnavailableError('The answer to a refresh is none of AuthService\'s', { cause: error });
    }
  }
}

/** Calls the function with a timeout, so that one that never returns does not block later calls. */
async function ask(give: () => string | Promise<string>): Promise<string> {
  try {
    const secret = await within(PATIENCE, [], signal => unlessAborted((async () => give())(), signal));
    checkKind(secret);
    return secret;
  }
  catch (error) {
    throw new UnavailableError('The function that gives the credential failed', { cause: error });
  }
}

function checkKind(credential: string): 'refreshToken' | 'apiKey' {
  if (typeof credential !== 'string' || !/^(rt|sk)_[!-~]+$/.test(credential))
    throw new TypeError('credential: neither a refresh token (rt_…) nor an API key (sk_…), or with white space');
  return credential.startsWith('sk_') ? 'apiKey' : 'refreshToken';
}
