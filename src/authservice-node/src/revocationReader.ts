import type { ServiceClient } from './client.js';
import { AuthServiceError, RefusedError, UnavailableError } from './errors.js';
import type { FeedAnswer, RevocationKnowledge } from './revocationKnowledge.js';
import { refusalOf } from './serviceCalls.js';
import { attended, pause, Stopwatch, within, type Log, type Surroundings } from './surroundings.js';

/** How long an answer may take beyond its wait. All times are seconds. */
const PATIENCE = 10;

/** At most ten polls a second begin, even if the answers come faster. */
const SHORTEST_POLL = 0.1;

const FIRST_PAUSE = 0.25;
const LONGEST_PAUSE = 5;

/** The longest `Retry-After` that a poll waits for. */
const LONGEST_RETRY_AFTER = 10;

const FORGET_INTERVAL = 30;

/**
 * Polls the feed until it is closed, one poll at a time. A poll asks AuthService to wait for news only when the last answer was complete. After the start and
 * after a failure the first answer comes at once.
 */
export class RevocationReader {
  private readonly stopwatch: Stopwatch;
  private readonly end = new AbortController();
  private readonly waiting = new Set<{ resolve(): void; reject(error: Error): void }>();
  private cursor: string | null = null;
  private isCurrent = false;
  private isReady = false;
  private failures = 0;
  /** The last failure in a row that was logged. */
  private logged: string | null = null;
  private unknown = 0;

  /** @param wait How long AuthService may hold a poll while there is nothing new, in whole seconds. */
  constructor(
    private readonly client: ServiceClient, private readonly knowledge: RevocationKnowledge, private readonly wait: number, private readonly log: Log,
    private readonly surroundings: Surroundings) {
    this.stopwatch = new Stopwatch(surroundings);
  }

  /** The number of entries of an unknown kind. */
  get unknownEntries(): number {
    return this.unknown;
  }

  /** Resolves after the first complete answer, and keeps the process from ending until then. */
  ready(): Promise<void> {
    if (this.isReady)
      return Promise.resolve();
    if (this.end.signal.aborted)
      return Promise.reject(closed());
    return attended(new Promise((resolve, reject) => this.waiting.add({ resolve, reject })));
  }

  async run(): Promise<void> {
    let forgotAt = this.stopwatch.moment();
    while (!this.end.signal.aborted) {
      await pause(await this.poll(), this.end.signal);
      if (this.stopwatch.since(forgotAt) < FORGET_INTERVAL)
        continue;
      this.knowledge.forget();
      forgotAt = this.stopwatch.moment();
    }
  }

  close(): void {
    this.end.abort(closed());
    for (const { reject } of this.waiting)
      reject(closed());
    this.waiting.clear();
  }

  /** Polls once, and returns how long to wait before the next poll, in seconds. */
  private async poll(): Promise<number> {
    const begun = this.stopwatch.moment();
    try {
      const wait = this.isCurrent ? this.wait : 0;
      this.take(await within(wait + PATIENCE, [this.end.signal], signal => this.ask(wait, signal)));
      return this.isCurrent ? Math.max(0, SHORTEST_POLL - this.stopwatch.since(begun)) : 0;
    }
    catch (error) {
      return this.end.signal.aborted ? 0 : this.pauseAfter(error);
    }
  }

  private async ask(wait: number, signal: AbortSignal): Promise<FeedAnswer> {
    const after = this.cursor === null ? '' : `after=${encodeURIComponent(this.cursor)}&`;
    const answer = await this.client.send('GET', `revocations?${after}wait=${wait}`, signal);
    if (answer.status !== 200)
      throw refusalOf(answer);
    return readAnswer(answer.body);
  }

  private take(answer: FeedAnswer): void {
    if (answer.more === true && answer.revoked.length === 0 && answer.cursor === this.cursor)
      throw new UnavailableError('The feed says that there is more, and goes no further');
    if (answer.restarted === true)
      this.log('warn', 'AuthService\'s revocation feed started again; what still matters is read from the beginning');
    this.countUnknown(this.knowledge.take(answer));
    [this.cursor, this.isCurrent] = [answer.cursor, answer.more !== true];
    if (this.failures > 0)
      this.log('info', `AuthService's revocation feed is read again after ${this.failures} failures`);
    [this.failures, this.logged] = [0, null];
    if (this.isCurrent && !this.isReady)
      this.beReady();
  }

  private beReady(): void {
    this.isReady = true;
    for (const { resolve } of this.waiting)
      resolve();
    this.waiting.clear();
  }

  private countUnknown(unknown: number): void {
    if (unknown > 0 && this.unknown === 0)
      this.log('error', `${unknown} revocations are of a kind that this version of authservice-node does not know and does not heed; update the package`);
    this.unknown += unknown;
  }

  private pauseAfter(error: unknown): number {
    this.isCurrent = false;
    this.failures++;
    this.logFailure(error);
    if (error instanceof RefusedError && error.status === 400)
      this.cursor = null;
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.failures - 1));
    const own = longest * (1 + this.surroundings.random()) / 2; // at random, so that not all services call at once when AuthService is back
    const wanted = error instanceof RefusedError ? error.retryAfter ?? 0 : 0;
    return Math.max(own, Math.min(wanted, LONGEST_RETRY_AFTER));
  }

  /** Logs the first failure in a row, and each that differs from the last one: a refused credential must not stay hidden behind an outage. */
  private logFailure(error: unknown): void {
    const failure = error instanceof RefusedError ? `${error.status}` : 'no answer';
    if (failure !== this.logged)
      this.log('warn', 'AuthService\'s revocation feed could not be read; it is tried again until it can', error);
    this.logged = failure;
  }
}

function readAnswer(body: unknown): FeedAnswer {
  const { cursor, now, revoked } = (body ?? {}) as Partial<FeedAnswer>;
  if (typeof cursor !== 'string' || typeof now !== 'number' || !Array.isArray(revoked))
    throw new UnavailableError('The answer of the feed is none of AuthService\'s');
  return body as FeedAnswer;
}

function closed(): AuthServiceError {
  return new AuthServiceError('The verifier is closed');
}
