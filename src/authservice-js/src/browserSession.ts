import { takeAuthState } from './authState.js';
import { createGrant, type Grant } from './grant.js';
import { createKeptCsrfToken } from './keptCsrfToken.js';
import { createKnownSession } from './knownSession.js';
import type { Stopwatch } from './stopwatch.js';
import type { Surroundings } from './surroundings.js';
import { createTabs, type Message } from './tabs.js';

export type BrowserSession = ReturnType<typeof createBrowserSession>;

/** The one session of this browser, as far as this tab knows it, with the news about it to and from the other tabs. */
export function createBrowserSession(name: string, surroundings: Surroundings, stopwatch: Stopwatch) {
  const known = createKnownSession();
  const kept = createKeptCsrfToken(name, surroundings);

  const hear = (message: Message): void => {
    if (message.kind === 'ended') {
      known.ended(message.csrfToken);
      return;
    }
    if (message.begins)
      known.began(message.csrfToken);
    const onItsWay = Math.max(0, stopwatch.wall() - message.sentAt);
    known.granted(createGrant(message, stopwatch.moment(message.age + onItsWay), stopwatch));
  };
  const tabs = createTabs(name, surroundings, stopwatch, hear);

  /** This tab has signed somebody in. */
  const begin = (grant: Grant): void => {
    const before = kept.get();
    if (before !== null && before !== grant.csrfToken)
      known.superseded(before);
    kept.set(grant.csrfToken);
    known.began(grant.csrfToken);
    known.granted(grant);
    tabs.tellGranted(grant, true);
  };

  let offered = takeAuthState(surroundings);
  if (offered !== null)
    known.began(offered); // and kept once the service has confirmed it

  return {
    known,
    begin,
    close: tabs.close,

    /** The CSRF token to try next; null when nobody is signed in. */
    csrfToken(): string | null {
      const csrfToken = known.current() ?? kept.get();
      return csrfToken === null || known.isOver(csrfToken) ? null : csrfToken;
    },

    /** @returns False when the session ended while this tab was refreshing it. */
    renew(csrfToken: string, grant: Grant): boolean {
      if (known.isOver(csrfToken))
        return false;
      if (csrfToken === offered || csrfToken !== grant.csrfToken) {
        offered = null;
        begin(grant);
      } else {
        known.granted(grant);
        tabs.tellGranted(grant, false);
      }
      return true;
    },

    end(csrfToken: string): void {
      kept.remove(csrfToken);
      known.ended(csrfToken);
      tabs.tellEnded(csrfToken);
    },

    /**
     * Follows the kept CSRF token, which tells of sign-ins and sign-outs where messages do not.
     * @param onBeginning Called when another tab has signed somebody in whose access token is not here yet.
     */
    follow: (onBeginning: () => void) => kept.listen((before, now) => {
      if (now === null) {
        if (before !== null)
          known.ended(before);
        return;
      }
      if (before !== null)
        known.superseded(before);
      known.began(now);
      if (known.held() === null && !known.isOver(now))
        onBeginning();
    }),
  };
}
