import type { Surroundings } from './surroundings.js';

/** A moment by both clocks of this tab. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export type Stopwatch = ReturnType<typeof createStopwatch>;

/**
 * Measures the time since a moment, in milliseconds, without the server's clock. The monotonic clock may stop while a computer sleeps, and the wall clock may
 * be set back, so the longer of the two times counts.
 */
export function createStopwatch({ performance, Date }: Surroundings) {
  /** Milliseconds since 1970, the same in all tabs of this computer. */
  const wall = (): number => Date.now();

  /** @param ago Milliseconds before now. */
  const moment = (ago = 0): Moment => ({ monotonic: performance.now() - ago, wall: wall() - ago });

  const since = (then: Moment): number => {
    const now = moment();
    return Math.max(0, now.monotonic - then.monotonic, now.wall - then.wall);
  };

  return { wall, moment, since };
}
