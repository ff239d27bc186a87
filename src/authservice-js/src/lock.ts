import { createLease } from './lease.js';
import { delay, type Locks, type Surroundings } from './surroundings.js';

/** Runs work while no other tab of this origin does such work. */
export type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * How long the lock is kept when the work is done. Its result goes to the other tabs by a message, and nothing says that a
 * message is faster than a lock: a tab that got the lock first would do the same work again.
 */
export const linger = 200;

export function chooseLock(name: string, surroundings: Surroundings): Exclusively {
  const { navigator, indexedDB } = surroundings;
  if (navigator?.locks)
    return withWebLocks(name, navigator.locks, surroundings);
  return indexedDB ? withLease(name, indexedDB, surroundings) : work => work();
}

function withWebLocks(name: string, locks: Locks, surroundings: Surroundings): Exclusively {
  return work => new Promise((resolve, reject) => {
    let begun = false;
    locks.request(name, async () => {
      begun = true;
      await work().then(resolve, reject);
      await delay(surroundings, linger);
    }).catch(() => begun ? undefined : work().then(resolve, reject)); // a sandboxed page is refused its locks
  });
}

function withLease(name: string, factory: IDBFactory, surroundings: Surroundings): Exclusively {
  const take = createLease(name, factory, surroundings);
  return async work => {
    const giveBack = await take();
    try {
      return await work();
    } finally {
      surroundings.setTimeout(giveBack, linger);
    }
  };
}
