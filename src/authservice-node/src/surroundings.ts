import { UnavailableError } from './errors.js';

/** The parts of Node.js that the package uses: clocks, chance and `fetch`. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment. This clock is never set back. */
  monotonic(): number;
  /** A random number from 0 to 1. */
  random(): number;
}

export const node: Surroundings = {
  fetch: (input, init) => fetch(input, init),
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
};

/** @param level The severity. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, error?: unknown) => void;

/** A moment by both clocks of this machine. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** Measures the time since a moment. */
export class Stopwatch {
  constructor(private readonly surroundings: Surroundings) {}

  moment(): Moment {
    return { monotonic: this.surroundings.monotonic(), wall: this.surroundings.now() };
  }

  /**
   * Returns the seconds since a moment. The monotonic clock may stop while a machine sleeps or is moved, and the wall clock may be set back, so the longer of
   * the two times counts.
   */
  since(then: Moment): number {
    const now = this.moment();
    return Math.max(0, now.monotonic - then.monotonic, now.wall - then.wall) / 1000;
  }
}

/** The longest timer of Node.js, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Keeps the process from ending until the promise is settled. */
export async function attended<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, LONGEST_TIMER);
  try {
    return await promise;
  }
  finally {
    clearInterval(timer);
  }
}

/** Waits this many seconds, or until the signal is aborted. It does not keep the process from ending. */
export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted)
      return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000).unref();
    signal.addEventListener('abort', done);
  });
}

/**
 * Calls with a signal that is aborted after this many seconds, or when one of the other signals is.
 * @param outer The other signals. Undefined ones are ignored.
 */
export async function within<T>(seconds: number, outer: readonly (AbortSignal | undefined)[], call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const signals = outer.filter(signal => signal !== undefined);
  const abort = (): void => limit.abort(signals.find(signal => signal.aborted)?.reason);
  const timer = setTimeout(() => limit.abort(new DOMException(`No answer within ${seconds} s`, 'TimeoutError')), seconds * 1000).unref();
  for (const signal of signals)
    signal.addEventListener('abort', abort);
  if (signals.some(signal => signal.aborted))
    abort();
  try {
    return await call(limit.signal);
  }
  finally {
    clearTimeout(timer);
    for (const signal of signals)
      signal.removeEventListener('abort', abort);
  }
}

/**
 * Waits for a promise until the signal is aborted. The work behind the promise goes on.
 * @throws {UnavailableError} The signal was aborted.
 */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new UnavailableError('There was no answer in time', { cause: signal.reason }));
    signal.addEventListener('abort', abort);
    if (signal.aborted)
      abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
