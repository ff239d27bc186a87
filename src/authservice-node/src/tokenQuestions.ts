import type { Client } from './client.js';
import { UnavailableError } from './errors.js';
import { Stopwatch, within, type Moment, type Surroundings } from './surroundings.js';

interface Question {
  readonly since: Moment;
  readonly answer: Promise<boolean>;
}

const MOST_AT_ONCE = 32;

/** How many questions wait at most. Further ones fail at once. */
const MOST_WAITING = 1024;

/** How long an answer is used, in seconds. */
const GOOD_FOR = 1;

/** The timeout of an answer with the wait for its turn, in seconds. */
const PATIENCE = 5;

/**
 * Asks AuthService about single tokens. An answer, or a failure, is used for a second for every request with the same token. Few questions are asked at once,
 * because when the feed cannot be read all services begin to ask.
 */
export class TokenQuestions {
  private readonly stopwatch: Stopwatch;
  private readonly recent = new Map<string, Question>();
  private readonly waiting = new Set<() => void>();
  private asking = 0;

  constructor(private readonly client: Client, surroundings: Surroundings) {
    this.stopwatch = new Stopwatch(surroundings);
  }

  /** @throws {AuthServiceError} AuthService has refused the call, cannot be reached, or took too long. */
  isActive(token: string): Promise<boolean> {
    this.forgetOld();
    const known = this.recent.get(token);
    if (known !== undefined)
      return known.answer;
    if (this.waiting.size >= MOST_WAITING)
      return Promise.reject(new UnavailableError('Too many tokens are asked about at this moment'));
    const answer = within(PATIENCE, [], signal => this.ask(token, signal));
    this.recent.set(token, { since: this.stopwatch.moment(), answer });
    return answer;
  }

  /** Drops old answers. The map keeps them in the order of their questions. */
  private forgetOld(): void {
    for (const [token, { since }] of this.recent) {
      if (this.stopwatch.since(since) < GOOD_FOR)
        return;
      this.recent.delete(token);
    }
  }

  private async ask(token: string, signal: AbortSignal): Promise<boolean> {
    while (this.asking >= MOST_AT_ONCE)
      await this.wait(signal);
    this.asking++;
    try {
      return (await this.client.introspect(token, { signal })).active;
    }
    finally {
      this.asking--;
      this.waiting.values().next().value?.();
    }
  }

  private wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.delete(next);
        signal.removeEventListener('abort', giveUp);
      };
      const next = (): void => {
        leave();
        resolve();
      };
      const giveUp = (): void => {
        leave();
        reject(new UnavailableError('AuthService did not answer in time', { cause: signal.reason }));
      };
      this.waiting.add(next);
      signal.addEventListener('abort', giveUp);
    });
  }
}
