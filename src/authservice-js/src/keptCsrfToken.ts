import { listenTo, type Surroundings } from './surroundings.js';

export type KeptCsrfToken = ReturnType<typeof createKeptCsrfToken>;

/**
 * Keeps the CSRF token in localStorage, for reloads and for all tabs. Without the cookie it is useless. If the browser stores nothing for this page, the
 * session is known only until the page is closed.
 */
export function createKeptCsrfToken(name: string, surroundings: Surroundings) {
  const key = `${name} csrfToken`;

  const use = <T>(work: (storage: NonNullable<Surroundings['localStorage']>) => T): T | null => {
    try {
      return surroundings.localStorage ? work(surroundings.localStorage) : null;
    } catch {
      return null; // reading the property localStorage throws if the person has forbidden it
    }
  };

  const get = (): string | null => use(storage => storage.getItem(key));

  return {
    get,

    set: (csrfToken: string) => use(storage => storage.setItem(key, csrfToken)),

    /** Removes this token, but not another one that has replaced it. */
    remove(csrfToken: string): void {
      if (get() === csrfToken)
        use(storage => storage.removeItem(key));
    },

    /** Calls the listener with the token before and after a change by another tab. */
    listen: (listener: (before: string | null, now: string | null) => void) => listenTo(surroundings, 'storage', event => {
      const change = event as StorageEvent;
      if (change.key === key)
        listener(change.oldValue, change.newValue);
    }),
  };
}
