import { node, type Surroundings } from '../../src/surroundings.js';

/** The machine's clocks, set forward as a test likes. Timers stay as they are. */
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

  /** From now on it moves by `advance` alone: a busy machine takes no time by it. */
  hold(): void {
    this.heldAt = { now: node.now(), monotonic: node.monotonic() };
  }

  advance(seconds: number): void {
    this.ahead += seconds * 1000;
  }

  /** As when the time of the machine is set: the monotonic clock does not see it. */
  setWallForward(seconds: number): void {
    this.wallAhead += seconds * 1000;
  }
}
