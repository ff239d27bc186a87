import type { Identity } from './claims.js';
import type { Grant } from './grant.js';

export type Listener = (identity: Identity | null) => void;

/**
 * What this tab knows of the browser's one session. Facts come from its own calls and from the other tabs, in any order;
 * each names its session by CSRF token, so that late news of a session that is over cannot bring it back.
 */
export class KnownSession {
  readonly #over = new Set<string>();
  readonly #listeners = new Set<Listener>();
  #current: string | null = null;
  #held: Grant | null = null;
  #shown: Grant | null = null;
  #told: string | undefined;

  get current(): string | null {
    return this.#current;
  }

  get held(): Grant | null {
    return this.#held;
  }

  /** The last token of whom the page shows, also when it is refused by now, and when the next one's is not here yet. */
  get shown(): Grant | null {
    return this.#shown;
  }

  isOver(csrfToken: string): boolean {
    return this.#over.has(csrfToken);
  }

  /** This session has lost the browser's cookie to another. */
  superseded(csrfToken: string): void {
    this.#over.add(csrfToken);
  }

  /** Somebody has signed in: the cookie is this session's now. */
  began(csrfToken: string): void {
    if (this.isOver(csrfToken) || csrfToken === this.#current)
      return;
    if (this.#current !== null)
      this.superseded(this.#current);
    this.#current = csrfToken;
    this.#held = null;
  }

  /** Passes over a token that comes too late: its session is over, or not the browser's. */
  granted(grant: Grant): void {
    if (this.isOver(grant.csrfToken) || (this.#current ?? grant.csrfToken) !== grant.csrfToken)
      return;
    this.#current = grant.csrfToken;
    if (this.#held === null || grant.remaining() > this.#held.remaining())
      this.#held = grant;
    this.#shown = this.#held;
    this.#tell(this.#held.identity);
  }

  ended(csrfToken: string): void {
    this.#over.add(csrfToken);
    if (this.#current !== csrfToken)
      return;
    this.#current = this.#held = this.#shown = null;
    this.#tell(null);
  }

  foundNobody(): void {
    this.#tell(null);
  }

  /** This access token is refused before its time, or no longer certain. */
  rejected(accessToken: string | undefined): void {
    if (this.#held?.accessToken === accessToken)
      this.#held = null;
  }

  /** @returns Stops it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(identity: Identity | null): void {
    const news = JSON.stringify(identity);
    if (news === this.#told)
      return;
    this.#told = news;
    for (const listener of this.#listeners)
      queueMicrotask(() => listener(identity)); // one that throws must not break a renewal
  }
}
