import { importJWK, type CryptoKey, type JWK } from 'jose';
import { KeysUnavailableError } from './errors.js';
import { readText } from './serviceCalls.js';
import { Stopwatch, within, type Log, type Moment, type Surroundings } from './surroundings.js';

export interface PublishedKey {
  readonly key: CryptoKey;
  /** The only algorithm that the key is used with. */
  readonly algorithm: string;
}

export interface PublishedKeysOptions {
  readonly address: URL;
  readonly algorithms: readonly string[];
  /** After how long the keys are fetched again. All times are seconds. */
  readonly lifetime: number;
  /** The shortest time between a fetch and another one for a token with an unknown key. */
  readonly unknownKeyInterval: number;
}

interface KeySet {
  readonly keys: ReadonlyMap<string, PublishedKey>;
  readonly since: Moment;
}

const FETCH_TIMEOUT = 5;
const LONGEST_USE = 24 * 3600;
const AFTER_FAILURE = 1;

/** In bytes. */
const LARGEST_DOCUMENT = 1 << 20;

/**
 * AuthService's public keys. They are fetched when a token needs one for the first time, when they have become old, and when a token names an unknown key.
 * There is one fetch at a time, and a pause after it. While the keys cannot be fetched the old ones are used for a day, and not longer: a thief of a withdrawn
 * key could block the fetch. (`createRemoteJWKSet` of jose has no such limit, and asks again for each token with an unknown key.)
 */
export class PublishedKeys {
  private readonly stopwatch: Stopwatch;
  private current: KeySet | null = null;
  private fetching: Promise<void> | null = null;
  private lastFetch: { at: Moment; failed: boolean } | null = null;

  constructor(private readonly options: PublishedKeysOptions, private readonly log: Log, private readonly surroundings: Surroundings) {
    this.stopwatch = new Stopwatch(surroundings);
  }

  /**
   * Returns null when the key is not published.
   * @throws {KeysUnavailableError} The keys could not be fetched yet, or not for a day; or the key is unknown and the last fetch has failed.
   */
  async find(keyId: string): Promise<PublishedKey | null> {
    const seen = this.findCurrent();
    const known = seen?.keys.get(keyId);
    if (known !== undefined && !this.mustWait(seen!)) {
      if (this.stopwatch.since(seen!.since) >= this.options.lifetime)
        void this.fetchIfAllowed();
      return known;
    }
    await this.fetchIfAllowed();
    const current = this.findCurrent();
    if (current === null)
      throw new KeysUnavailableError('AuthService\'s keys could not be fetched yet, or not for a day');
    const found = current.keys.get(keyId);
    if (found === undefined && this.lastFetch?.failed === true)
      throw new KeysUnavailableError('The token\'s key is unknown, and AuthService\'s keys could not be fetched');
    return found ?? null;
  }

  /**
   * Whether a token waits for a fetch although its key is known. After an idle time the keys are much older than their lifetime, and the key may be withdrawn.
   * Right after a fetch that has failed no token waits, so that an outage does not slow down every request.
   */
  private mustWait({ since }: KeySet): boolean {
    return this.stopwatch.since(since) >= 2 * this.options.lifetime && !this.hasFailedWithin(this.options.unknownKeyInterval);
  }

  private hasFailedWithin(seconds: number): boolean {
    return this.lastFetch?.failed === true && this.stopwatch.since(this.lastFetch.at) < seconds;
  }

  private findCurrent(): KeySet | null {
    return this.current !== null && this.stopwatch.since(this.current.since) < LONGEST_USE ? this.current : null;
  }

  private fetchIfAllowed(): Promise<void> {
    if (this.fetching !== null)
      return this.fetching;
    const pause = this.lastFetch?.failed === true ? AFTER_FAILURE : this.options.unknownKeyInterval;
    if (this.lastFetch !== null && this.stopwatch.since(this.lastFetch.at) < pause)
      return Promise.resolve();
    this.fetching = this.fetch().finally(() => this.fetching = null);
    return this.fetching;
  }

  private async fetch(): Promise<void> {
    const since = this.stopwatch.moment();
    let failed = true;
    try {
      const document = await within(FETCH_TIMEOUT, [], async signal => {
        const response = await this.surroundings.fetch(this.options.address, { headers: { Accept: 'application/json' }, signal, redirect: 'error' });
        const text = await readText(response, LARGEST_DOCUMENT);
        if (!response.ok)
          throw new Error(`The answer is ${response.status}`);
        return text;
      });
      this.current = { keys: await this.read(document), since };
      failed = false;
    }
    catch (error) {
      this.log('warn', `AuthService's keys could not be fetched from ${this.options.address.href}; those that are known are kept`, error);
    }
    // The pause begins when the fetch ends: tokens that waited for a fetch without an answer must not each wait for another one.
    this.lastFetch = { at: this.stopwatch.moment(), failed };
  }

  /** Leaves out shared secrets, and keys without an algorithm, which could be used with any. */
  private async read(document: string): Promise<ReadonlyMap<string, PublishedKey>> {
    const { keys } = JSON.parse(document) as { keys?: JWK[] };
    const published = new Map<string, PublishedKey>();
    for (const jwk of Array.isArray(keys) ? keys : []) {
      const { kid, kty, alg } = jwk;
      if (typeof kid !== 'string' || kid === '' || published.has(kid) || (kty !== 'EC' && kty !== 'RSA') || !this.options.algorithms.includes(alg ?? ''))
        continue;
      const key = await importKey(jwk);
      if (key !== null)
        published.set(kid, { key, algorithm: alg! });
    }
    if (published.size === 0)
      throw new Error('The answer holds no public key');
    return published;
  }
}

/** Returns null for a malformed key, so that the other keys stay usable. */
async function importKey(jwk: JWK): Promise<CryptoKey | null> {
  try {
    return await importJWK(jwk) as CryptoKey;
  }
  catch {
    return null;
  }
}
