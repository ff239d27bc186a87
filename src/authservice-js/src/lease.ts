import { delay, type Surroundings } from './surroundings.js';

interface Holder {
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const storeName = 'leases';
const pollInterval = 50;

/** Longer than the timeout of any call to the service, so that a lease expires during a call only when its tab is gone. */
export const leaseLength = 15_000;

/**
 * Makes a lock for pages without Web Locks (plain HTTP). It is a row in IndexedDB, because its transactions exclude one another across tabs.
 * @returns A function that waits for the lease, and returns a function that gives it back.
 */
export function createLease(name: string, factory: IDBFactory, surroundings: Surroundings): () => Promise<() => void> {
  const database = open(factory, name);
  database.catch(() => undefined); // the error is handled where the lease is taken

  const tryTake = async (owner: string): Promise<boolean> => {
    const now = surroundings.Date.now();
    const until = now + leaseLength;
    const holder = await change(await database, name, current =>
      current && current.until > now && current.until <= until // a later time means that the clock was set back
        ? current
        : { owner, until });
    return holder?.owner === owner;
  };

  return async () => {
    const owner = `${Math.random()} ${surroundings.performance.now()}`; // crypto.randomUUID is missing over plain HTTP
    try {
      while (!(await tryTake(owner)))
        await delay(surroundings, pollInterval);
    } catch {
      // if the database fails all tabs go on: a refresh too many does no harm
    }
    return () => void database
      .then(opened => change(opened, name, current => current?.owner === owner ? null : current))
      .catch(() => undefined);
  };
}

/** @returns The holder that was decided, once it is stored. */
function change(database: IDBDatabase, name: string, decide: (holder: Holder | null) => Holder | null): Promise<Holder | null> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(storeName, 'readwrite');
    const store = transaction.objectStore(storeName);
    const reading: IDBRequest<Holder | undefined> = store.get(name);
    let decided: Holder | null = null;
    reading.onsuccess = () => {
      decided = decide(reading.result ?? null);
      store.put(decided, name);
    };
    transaction.oncomplete = () => resolve(decided);
    transaction.onabort = () => reject(transaction.error);
  });
}

function open(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = factory.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(storeName);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}
