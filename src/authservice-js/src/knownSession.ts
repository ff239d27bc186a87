import type { Identity } from './claims.js';
import type { Grant } from './grant.js';

export type Listener = (identity: Identity | null) => void;

/**
 * Holds this tab's knowledge of the browser's one session. Changes come from its own calls and from the other tabs, in any order. Each names its session by the
 * CSRF token, so that a late message about a session that is over cannot bring it back.
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

  /** The last token of the person that the page shows. It stays after a refusal, and until another person's token is here. */
  get shown(): Grant | null {
    return this.#shown;
  }

  isOver(csrfToken: string): boolean {
    return this.#over.has(csrfToken);
  }

  /** Another session has replaced this one in the browser's cookie. */
  superseded(csrfToken: string): void {
    this.#over.add(csrfToken);
  }

  /** Somebody has signed in, and the cookie belongs to this session. */
  began(csrfToken: string): void {
    if (this.isOver(csrfToken) || csrfToken === this.#current)
      return;
    if (this.#current !== null)
      this.superseded(this.#current);
    this.#current = csrfToken;
    this.#held = null;
  }

  /** Ignores a token that comes too late: its session is over, or is not the browser's. */
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

  /** This access token was refused before it expired, or may be out of date. */
  rejected(accessToken: string | undefined): void {
    if (this.#held?.accessToken === accessToken)
      this.#held = null;
  }

  /** @returns A function that removes the listener. */
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
      queueMicrotask(() => listener(identity)); // a listener that throws must not break a renewal
  }
}
