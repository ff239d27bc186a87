import { UnavailableError } from './errors.js';

/** What the package uses of the world around it. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds since some moment; never set back. */
  monotonic(): number;
  /** From 0 to 1. */
  random(): number;
}

export const node: Surroundings = {
  fetch: (input, init) => fetch(input, init),
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
};

/** @param level How much it matters. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, error?: unknown) => void;

/** A moment as both clocks of this machine show it. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** Measures how long ago something was. */
export class Stopwatch {
  constructor(private readonly surroundings: Surroundings) {}

  moment(): Moment {
    return { monotonic: this.surroundings.monotonic(), wall: this.surroundings.now() };
  }

  /**
   * In seconds. The monotonic clock may stand still while a machine sleeps or is moved, and the wall clock may be set back, so whichever saw more time pass
   * is believed.
   */
  since(then: Moment): number {
    const now = this.moment();
    return Math.max(0, now.monotonic - then.monotonic, now.wall - then.wall) / 1000;
  }
}

/** As long as timers of Node.js can be, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Keeps the process from ending until what somebody waits for is settled. */
export async function attended<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, LONGEST_TIMER);
  try {
    return await promise;
  }
  finally {
    clearInterval(timer);
  }
}

/** Waits this many seconds, or until the signal is aborted; keeps no process from ending. */
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
 * Calls with a signal that is aborted after this many seconds, and when one of the others is.
 * @param outer Any number of signals; those that are missing are passed over.
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
 * Waits no longer than until the signal is aborted; what is waited for goes on.
 * @throws {UnavailableError} It was aborted.
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
