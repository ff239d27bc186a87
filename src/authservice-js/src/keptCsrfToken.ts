import { listenTo, type Surroundings } from './surroundings.js';

export type KeptCsrfToken = ReturnType<typeof createKeptCsrfToken>;

/**
 * The CSRF token in localStorage, over reloads and for all tabs. Without the cookie it is worth nothing. Where the browser
 * keeps nothing for this page, the session is known for as long as the page.
 */
export function createKeptCsrfToken(name: string, surroundings: Surroundings) {
  const key = `${name} csrfToken`;

  const use = <T>(work: (storage: NonNullable<Surroundings['localStorage']>) => T): T | null => {
    try {
      return surroundings.localStorage ? work(surroundings.localStorage) : null;
    } catch {
      return null; // merely looking at localStorage throws where the person has forbidden it
    }
  };

  const get = (): string | null => use(storage => storage.getItem(key));

  return {
    get,

    set: (csrfToken: string) => use(storage => storage.setItem(key, csrfToken)),

    /** Forgets this token, but not another that has taken its place. */
    remove(csrfToken: string): void {
      if (get() === csrfToken)
        use(storage => storage.removeItem(key));
    },

    /** Tells what the other tabs change: which token was kept before, which one is now. */
    listen: (listener: (before: string | null, now: string | null) => void) => listenTo(surroundings, 'storage', event => {
      const change = event as StorageEvent;
      if (change.key === key)
        listener(change.oldValue, change.newValue);
    }),
  };
}
