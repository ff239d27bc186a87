import { takeAuthState } from './authState.js';
import { createGrant, type Grant } from './grant.js';
import { createKeptCsrfToken, type KeptCsrfToken } from './keptCsrfToken.js';
import { KnownSession } from './knownSession.js';
import type { Stopwatch } from './stopwatch.js';
import type { Surroundings } from './surroundings.js';
import { createTabs, type Message, type Tabs } from './tabs.js';

/** The one session of this browser, as far as this tab knows it. It sends changes to the other tabs and receives theirs. */
export class BrowserSession {
  readonly known = new KnownSession();
  /** The challenge that the sign-in of a plain form has led to; null when there was none. */
  readonly challengeId: string | null;
  readonly #kept: KeptCsrfToken;
  readonly #tabs: Tabs;
  readonly #stopwatch: Stopwatch;
  #offered: string | null;

  constructor(name: string, surroundings: Surroundings, stopwatch: Stopwatch) {
    this.#stopwatch = stopwatch;
    this.#kept = createKeptCsrfToken(name, surroundings);
    this.#tabs = createTabs(name, surroundings, stopwatch, message => this.#hear(message));
    const left = takeAuthState(surroundings);
    this.challengeId = left?.challengeId ?? null;
    this.#offered = left?.csrfToken ?? null;
    if (this.#offered !== null)
      this.known.began(this.#offered); // it is kept once the service has confirmed it
  }

  /** Gets the CSRF token to try next; null when nobody is signed in. */
  csrfToken(): string | null {
    const csrfToken = this.known.current ?? this.#kept.get();
    return csrfToken === null || this.known.isOver(csrfToken) ? null : csrfToken;
  }

  /** Begins the session of a sign-in in this tab. */
  begin(grant: Grant): void {
    const before = this.#kept.get();
    if (before !== null && before !== grant.csrfToken)
      this.known.superseded(before);
    this.#kept.set(grant.csrfToken);
    this.known.began(grant.csrfToken);
    this.known.granted(grant);
    this.#tabs.tellGranted(grant, true);
  }

  /** @returns False when the session ended while this tab was refreshing it. */
  renew(csrfToken: string, grant: Grant): boolean {
    if (this.known.isOver(csrfToken))
      return false;
    if (csrfToken === this.#offered || csrfToken !== grant.csrfToken) {
      this.#offered = null;
      this.begin(grant);
    } else {
      this.known.granted(grant);
      this.#tabs.tellGranted(grant, false);
    }
    return true;
  }

  end(csrfToken: string): void {
    this.#kept.remove(csrfToken);
    this.known.ended(csrfToken);
    this.#tabs.tellEnded(csrfToken);
  }

  /**
   * Follows the kept CSRF token, which shows sign-ins and sign-outs where there are no messages.
   * @param onBeginning Called when another tab has signed somebody in, and this tab has no access token of that session yet.
   * @returns A function that stops it.
   */
  follow(onBeginning: () => void): () => void {
    return this.#kept.listen((before, now) => {
      if (now === null) {
        if (before !== null)
          this.known.ended(before);
        return;
      }
      if (before !== null)
        this.known.superseded(before);
      this.known.began(now);
      if (this.known.held === null && !this.known.isOver(now))
        onBeginning();
    });
  }

  close(): void {
    this.#tabs.close();
  }

  #hear(message: Message): void {
    if (message.kind === 'ended') {
      this.known.ended(message.csrfToken);
      return;
    }
    if (message.begins)
      this.known.began(message.csrfToken);
    const onItsWay = Math.max(0, this.#stopwatch.wall() - message.sentAt);
    this.known.granted(createGrant(message, this.#stopwatch.moment(message.age + onItsWay), this.#stopwatch));
  }
}
