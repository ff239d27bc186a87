import { decodeJwt } from 'jose';
import { UnavailableError } from './errors.js';
import { refusalOf, type ServiceCalls } from './serviceCalls.js';
import { Stopwatch, unlessAborted, within, type Moment, type Surroundings } from './surroundings.js';

/**
 * As whom AuthService is called: the refresh token (`rt_…`) or an API key (`sk_…`) of this service's account, or a function that gives it, which is
 * asked each time it is needed, so that one that was renewed is taken without a restart. It has ten seconds.
 */
export type Credential = string | (() => string | Promise<string>);

/** The age is measured here, so that a clock that differs from the service's does no harm. */
interface HeldToken {
  readonly text: string;
  readonly since: Moment;
  /** In seconds. */
  readonly lifetime: number;
}

/** How long before its end an access token is renewed, in seconds; at most half of its life. */
const RENEW_AHEAD = 60;

/** A refusal of a token that is younger than this, in seconds, has another reason. */
const SURELY_VALID = 10;

/** How long a refresh may take, and the function that gives the credential, in seconds. */
const PATIENCE = 10;

/** What this service calls as: its API key, or an access token that is renewed ahead of its end, by one call at a time. */
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
   * Gives what is sent as the bearer.
   * @throws {AuthServiceError} There is no valid access token, and none could be got.
   */
  async get(): Promise<string> {
    const held = this.held;
    if (held !== null && !this.isDue(held))
      return held.text;
    // While the one at hand is valid all go on with it, and a renewal that fails is tried again; after that they wait for the new one.
    const renewal = this.renew();
    if (held === null || this.stopwatch.since(held.since) >= held.lifetime)
      return renewal;
    renewal.catch(() => undefined);
    return held.text;
  }

  /** Whether it makes sense to call again with another one than that which was refused. */
  tryForget(refused: string): boolean {
    if (refused.startsWith('sk_'))
      return false;
    if (this.held?.text !== refused)
      return true; // another call has seen to it already
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
    const answer = await within(PATIENCE, [], signal => this.calls.send('POST', 'auth/refresh', refreshToken, signal));
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

/** One that never answers must not hold up those who call later. */
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
