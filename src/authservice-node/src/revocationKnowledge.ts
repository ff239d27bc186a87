import type { Claims } from './claims.js';
import { RevocationSet } from './revocationSet.js';
import { Stopwatch, type Moment, type Surroundings } from './surroundings.js';

/** An answer of `GET /revocations` (README.md#revoked-tokens). */
export interface FeedAnswer {
  /** What the next poll asks after. */
  readonly cursor: string;
  /** AuthService's clock, in seconds since 1970. */
  readonly now: number;
  /** What has been revoked after the cursor that was asked after. */
  readonly revoked: readonly unknown[];
  /** Whether there is more at this moment. */
  readonly more?: boolean;
  /** Whether that cursor could not be used, so that this is all that matters, from the beginning. */
  readonly restarted?: boolean;
}

/** The longest that a token is taken after its end, in seconds. */
const LONGEST_SKEW = 30;

/**
 * All that the feed has said, and when it last said it completely. What it says from the beginning adds to what is known: where a backup was restored, it
 * may have forgotten what was revoked since.
 */
export class RevocationKnowledge {
  private readonly stopwatch: Stopwatch;
  private readonly revoked = new RevocationSet();
  private completeSince: Moment | null = null;
  private serverClock: { now: number; at: Moment } | null = null;

  constructor(private readonly surroundings: Surroundings) {
    this.stopwatch = new Stopwatch(surroundings);
  }

  /** How long ago the last complete answer came, in seconds; infinite before the first one. */
  get age(): number {
    return this.completeSince === null ? Infinity : this.stopwatch.since(this.completeSince);
  }

  get size(): number {
    return this.revoked.size;
  }

  refuses(claims: Claims, token: string): boolean {
    return this.revoked.refuses(claims, token);
  }

  /** @returns How many entries were of a kind that is not known here. */
  take(answer: FeedAnswer): number {
    const unknown = answer.revoked.filter(entry => !this.revoked.add(entry)).length;
    this.serverClock = { now: answer.now, at: this.stopwatch.moment() };
    if (answer.more !== true)
      this.completeSince = this.stopwatch.moment();
    return unknown;
  }

  /**
   * Drops what is of no use any more, by this machine's clock and AuthService's, whichever is behind: a token is taken for as long as it has not expired by
   * the clock here and the skew that is allowed.
   */
  forget(): void {
    if (this.serverClock === null)
      return;
    const servers = this.serverClock.now + this.stopwatch.since(this.serverClock.at);
    this.revoked.forget(Math.min(servers, this.surroundings.now() / 1000) - LONGEST_SKEW);
  }
}
