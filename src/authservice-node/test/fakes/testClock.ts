import { node, type Surroundings } from '../../src/surroundings.js';

/** The machine's clocks, set forward as a test likes. Timers stay as they are. */
export class TestClock implements Surroundings {
  private ahead = 0;
  readonly fetch = node.fetch;

  now(): number {
    return node.now() + this.ahead;
  }

  monotonic(): number {
    return node.monotonic() + this.ahead;
  }

  random(): number {
    return 0;
  }

  advance(seconds: number): void {
    this.ahead += seconds * 1000;
  }
}
