import { node, type Surroundings } from '../../src/surroundings.js';

/** The machine's clocks, which a test can set forward. Timers are not changed. */
export class TestClock implements Surroundings {
  private ahead = 0;
  private wallAhead = 0;
  private heldAt: { readonly now: number; readonly monotonic: number } | null = null;
  readonly fetch = node.fetch;

  now(): number {
    return (this.heldAt ?? { now: node.now() }).now + this.ahead + this.wallAhead;
  }

  monotonic(): number {
    return (this.heldAt ?? { monotonic: node.monotonic() }).monotonic + this.ahead;
  }

  random(): number {
    return 0;
  }

  /** Stops the clock, so that only `advance` moves it, even on a busy machine. */
  hold(): void {
    this.heldAt = { now: node.now(), monotonic: node.monotonic() };
  }

  advance(seconds: number): void {
    this.ahead += seconds * 1000;
  }

  /** Sets the wall clock forward and not the monotonic clock, as when the time of the machine is set. */
  setWallForward(seconds: number): void {
    this.wallAhead += seconds * 1000;
  }
}
