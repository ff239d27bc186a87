interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A clock that moves only when no work is left, and a random generator that can be repeated. */
export class World {
  /** Milliseconds since the start of the world, in 2026. */
  now = 0;
  #timers: Timer[] = [];
  #made = 0;
  #seed: number;

  constructor(seed = 1) {
    this.#seed = seed;
  }

  setTimeout(run: () => void, milliseconds: number): void {
    this.#timers.push({ at: this.now + milliseconds, order: this.#made++, run });
    this.#timers.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  delay(milliseconds: number): Promise<void> {
    return new Promise(resolve => this.setTimeout(resolve, milliseconds));
  }

  wall(): number {
    return Date.UTC(2026, 0) + this.now;
  }

  /** Lets time pass until the promise is settled. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => void (settled = true);
    promise.then(settle, settle);
    for (await turns(); !settled; await turns()) {
      if (!this.#step(Infinity))
        throw new Error('Nothing is left that could settle it');
    }
    return promise;
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (await turns(); this.#step(end); await turns());
    this.now = end;
  }

  /** Lets time pass until no timer is left. */
  async rest(): Promise<void> {
    for (await turns(); this.#step(Infinity); await turns());
  }

  /** Returns a random whole number from 0 to below this one (mulberry32). */
  chance(below: number): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  #step(end: number): boolean {
    const [next] = this.#timers;
    if (next === undefined || next.at > end)
      return false;
    this.#timers.shift();
    this.now = Math.max(this.now, next.at);
    next.run();
    return true;
  }
}

/** Waits a few turns of the event loop, which the reading of a body takes. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 6; turn++)
    await new Promise(resolve => setImmediate(resolve));
}
