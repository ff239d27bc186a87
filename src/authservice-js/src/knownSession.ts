import type { Identity } from './claims.js';
import type { Grant } from './grant.js';

export type Listener = (identity: Identity | null) => void;

export type KnownSession = ReturnType<typeof createKnownSession>;

/**
 * What this tab knows of the browser's one session. Facts come from its own calls and from the other tabs, in any order;
 * each names its session by CSRF token, so that late news of a session that is over cannot bring it back.
 */
export function createKnownSession() {
  const over = new Set<string>();
  const listeners = new Set<Listener>();
  let current: string | null = null;
  let held: Grant | null = null;
  let told: string | undefined;

  const tell = (identity: Identity | null): void => {
    const news = JSON.stringify(identity);
    if (news === told)
      return;
    told = news;
    for (const listener of listeners)
      queueMicrotask(() => listener(identity)); // one that throws must not break a renewal
  };

  const isOver = (csrfToken: string): boolean => over.has(csrfToken);

  /** This session has lost the browser's cookie to another. */
  const superseded = (csrfToken: string): void => {
    over.add(csrfToken);
  };

  return {
    current: () => current,
    held: () => held,
    isOver,
    superseded,

    /** Somebody has signed in: the cookie is this session's now. */
    began(csrfToken: string): void {
      if (isOver(csrfToken) || csrfToken === current)
        return;
      if (current !== null)
        superseded(current);
      current = csrfToken;
      held = null;
    },

    /** Passes over a token that comes too late: its session is over, or not the browser's. */
    granted(grant: Grant): void {
      if (isOver(grant.csrfToken) || (current ?? grant.csrfToken) !== grant.csrfToken)
        return;
      current = grant.csrfToken;
      if (held === null || grant.remaining() > held.remaining())
        held = grant;
      tell(held.identity);
    },

    ended(csrfToken: string): void {
      over.add(csrfToken);
      if (current !== csrfToken)
        return;
      current = held = null;
      tell(null);
    },

    foundNobody: () => tell(null),

    /** This access token is refused before its time, or no longer certain. */
    rejected(accessToken: string | undefined): void {
      if (held?.accessToken === accessToken)
        held = null;
    },

    /** @returns Stops it. */
    listen(listener: Listener): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
