import { createLease, leaseLength } from './lease.js';
import { delay, listenTo, type Locks, type Surroundings } from './surroundings.js';

/** Runs work while no other tab of this origin runs such work. */
export type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * How long the lock is kept after the work. The result goes to the other tabs by a message, and a message may be slower than the lock: a tab that got the lock
 * before the message would repeat the work.
 */
export const linger = 200;

export function chooseLock(name: string, surroundings: Surroundings): Exclusively {
  const { navigator, indexedDB } = surroundings;
  if (navigator?.locks)
    return withWebLocks(name, navigator.locks, surroundings);
  return indexedDB ? withLease(name, indexedDB, surroundings) : work => work();
}

/**
 * Does the work without the lock when the lock is refused (in a sandboxed page), and when it is not free within the time of a lease: WebKit before mid-2025
 * keeps a page in its back/forward cache with the lock that it holds. So a page that is hidden gives its lock back, even during the work.
 */
function withWebLocks(name: string, locks: Locks, surroundings: Surroundings): Exclusively {
  return work => new Promise((resolve, reject) => {
    let begun = false;
    locks.request(name, { signal: AbortSignal.timeout(leaseLength) }, async () => {
      begun = true;
      let stopListening = (): void => undefined;
      await Promise.race([
        work().then(resolve, reject).then(() => delay(surroundings, linger)),
        new Promise(hide => stopListening = listenTo(surroundings, 'pagehide', hide)),
      ]);
      stopListening();
    }).catch(() => begun ? undefined : work().then(resolve, reject));
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
