import type { Claims } from './claims.js';
import { RevocationSet } from './revocationSet.js';
import { Stopwatch, type Moment, type Surroundings } from './surroundings.js';

/** An answer of `GET /revocations` (README.md#revoked-tokens). */
export interface FeedAnswer {
  /** The position in the feed, for the next poll. */
  readonly cursor: string;
  /** AuthService's clock, in seconds since 1970. */
  readonly now: number;
  /** The revocations after the cursor of the poll. */
  readonly revoked: readonly unknown[];
  /** Whether the feed has more entries at this moment. */
  readonly more?: boolean;
  /** Whether the cursor of the poll was unusable, so that the feed begins again. */
  readonly restarted?: boolean;
}

/** How long a token is accepted after it has expired, at most, in seconds. */
const LONGEST_SKEW = 30;

/**
 * Holds the revocations of the feed, and when its last complete answer came. When the feed begins again, its entries add to the known ones: a restored backup
 * may lack what was revoked after it.
 */
export class RevocationKnowledge {
  private readonly stopwatch: Stopwatch;
  private readonly revoked = new RevocationSet();
  private completeSince: Moment | null = null;
  /** AuthService's clock in seconds since 1970, as of a moment of the monotonic clock. */
  private serverClock: { now: number; monotonic: number } | null = null;

  constructor(private readonly surroundings: Surroundings) {
    this.stopwatch = new Stopwatch(surroundings);
  }

  /** The age of the last complete answer in seconds; infinite before the first one. */
  get age(): number {
    return this.completeSince === null ? Infinity : this.stopwatch.since(this.completeSince);
  }

  get size(): number {
    return this.revoked.size;
  }

  refuses(claims: Claims, token: string): boolean {
    return this.revoked.refuses(claims, token);
  }

  /** @returns The number of entries of an unknown kind. */
  take(answer: FeedAnswer): number {
    const unknown = answer.revoked.filter(entry => !this.revoked.add(entry)).length;
    this.serverClock = { now: answer.now, monotonic: this.surroundings.monotonic() };
    if (answer.more !== true)
      this.completeSince = this.stopwatch.moment();
    return unknown;
  }

  /**
   * Drops the revocations whose tokens have all expired, by the clock of this machine or AuthService's, whichever is behind. AuthService's clock goes on by the
   * monotonic clock alone: a wall clock that is set forward must not make a revocation forgotten. Tokens are accepted until the end of the clock skew.
   */
  forget(): void {
    if (this.serverClock === null)
      return;
    const servers = this.serverClock.now + (this.surroundings.monotonic() - this.serverClock.monotonic) / 1000;
    this.revoked.forget(Math.min(servers, this.surroundings.now() / 1000) - LONGEST_SKEW);
  }
}
