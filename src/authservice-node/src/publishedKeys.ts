import { importJWK, type CryptoKey, type JWK } from 'jose';
import { KeysUnavailableError } from './errors.js';
import { readText } from './serviceCalls.js';
import { Stopwatch, within, type Log, type Moment, type Surroundings } from './surroundings.js';

export interface PublishedKey {
  readonly key: CryptoKey;
  /** The only algorithm that it is used with. */
  readonly algorithm: string;
}

export interface PublishedKeysOptions {
  readonly address: URL;
  readonly algorithms: readonly string[];
  /** After how long they are fetched anew. This and all others are seconds. */
  readonly lifetime: number;
  /** How long after one fetch a token with an unknown key makes for another one at the earliest. */
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
 * AuthService's public keys. They are fetched when a token needs one for the first time, again when they have become old, and when a token names one that is
 * not among them; one fetch at a time, and not sooner after the last than is allowed. While they cannot be fetched the old ones are used for a day: whoever
 * stole a key that was withdrawn must not stay believed by blocking the fetch. (`createRemoteJWKSet` of jose knows no such end, and after an answer without
 * the key asks again for each token.)
 */
export class PublishedKeys {
  private readonly stopwatch: Stopwatch;
  private current: KeySet | null = null;
  private fetching: Promise<void> | null = null;
  private lastFetch: { since: Moment; pause: number } | null = null;

  constructor(private readonly options: PublishedKeysOptions, private readonly log: Log, private readonly surroundings: Surroundings) {
    this.stopwatch = new Stopwatch(surroundings);
  }

  /**
   * Null when the key is not published, as far as is known.
   * @throws {KeysUnavailableError} No keys could be fetched yet, or not for a day.
   */
  async find(keyId: string): Promise<PublishedKey | null> {
    const seen = this.findCurrent();
    const known = seen?.keys.get(keyId);
    if (known !== undefined) {
      // Who finds a known key old goes on with it meanwhile; for an unknown one all wait for the same fetch.
      if (this.stopwatch.since(seen!.since) >= this.options.lifetime)
        void this.fetchIfAllowed();
      return known;
    }
    await this.fetchIfAllowed();
    const current = this.findCurrent();
    if (current === null)
      throw new KeysUnavailableError('AuthService\'s keys could not be fetched yet, or not for a day');
    return current.keys.get(keyId) ?? null;
  }

  private findCurrent(): KeySet | null {
    return this.current !== null && this.stopwatch.since(this.current.since) < LONGEST_USE ? this.current : null;
  }

  private fetchIfAllowed(): Promise<void> {
    if (this.fetching !== null)
      return this.fetching;
    if (this.lastFetch !== null && this.stopwatch.since(this.lastFetch.since) < this.lastFetch.pause)
      return Promise.resolve();
    this.fetching = this.fetch().finally(() => this.fetching = null);
    return this.fetching;
  }

  private async fetch(): Promise<void> {
    const since = this.stopwatch.moment();
    let pause = AFTER_FAILURE;
    try {
      const document = await within(FETCH_TIMEOUT, [], async signal => {
        const response = await this.surroundings.fetch(this.options.address, { headers: { Accept: 'application/json' }, signal, redirect: 'error' });
        const text = await readText(response, LARGEST_DOCUMENT);
        if (!response.ok)
          throw new Error(`The answer is ${response.status}`);
        return text;
      });
      this.current = { keys: await this.read(document), since };
      pause = this.options.unknownKeyInterval;
    }
    catch (error) {
      this.log('warn', `AuthService's keys could not be fetched from ${this.options.address.href}; those that are known are kept`, error);
    }
    // From its end: those who waited for a fetch that got no answer must not wait for one of their own after that.
    this.lastFetch = { since: this.stopwatch.moment(), pause };
  }

  /** A shared secret is no public key, and a key without an algorithm of its own could be used with another one. */
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

/** Null when it is malformed, which takes nothing from the others. */
async function importKey(jwk: JWK): Promise<CryptoKey | null> {
  try {
    return await importJWK(jwk) as CryptoKey;
  }
  catch {
    return null;
  }
}
