import type { BrowserSession } from './browserSession.js';
import type { Identity } from './claims.js';
import { SignedOutError, UnavailableError } from './errors.js';
import type { Grant } from './grant.js';
import type { Exclusively } from './lock.js';
import type { Credentials, Service } from './service.js';
import type { Moment, Stopwatch } from './stopwatch.js';

export type TokenSource = ReturnType<typeof createTokenSource>;

/** Signs in and out and renews the access token, each of them in one tab at a time, as all of them are about one cookie. */
export function createTokenSource(session: BrowserSession, service: Service, exclusively: Exclusively, stopwatch: Stopwatch) {
  const { known } = session;
  let renewing: Promise<Grant> | null = null;
  let failure: { readonly error: UnavailableError; readonly at: Moment } | null = null;

  /** A service in trouble is left alone for as long as it asked. */
  const checkPause = (): void => {
    if (failure === null)
      return;
    const { error, at } = failure;
    const seconds = error.retryAfterSeconds - stopwatch.since(at) / 1000;
    if (seconds > 0)
      throw new UnavailableError(error.message, seconds, { cause: error });
  };

  const tryRefresh = async (csrfToken: string): Promise<Grant | null> => {
    try {
      const grant = await service.refresh(csrfToken);
      failure = null;
      return grant;
    } catch (error) {
      if (error instanceof UnavailableError)
        failure = { error, at: stopwatch.moment() };
      throw error;
    }
  };

  const refresh = async (): Promise<Grant> => {
    checkPause();
    for (let csrfToken = session.csrfToken(); csrfToken !== null; csrfToken = session.csrfToken()) {
      const grant = await tryRefresh(csrfToken);
      if (grant === null)
        session.end(csrfToken);
      else if (session.renew(csrfToken, grant))
        return grant;
    }
    known.foundNobody();
    throw new SignedOutError();
  };

  /** By the time it is this tab's turn another one may have done it. */
  const renewInTurn = async (): Promise<Grant> => {
    const held = known.held();
    return held?.isFresh() ? held : refresh();
  };

  const renew = (): Promise<Grant> => renewing ??= exclusively(renewInTurn).finally(() => renewing = null);

  /** For when nobody waits for the token: who does wait for one later hears what is wrong. */
  const renewUnnoticed = (): void => void renew().catch(() => undefined);

  return {
    renewUnnoticed,

    signIn: (loginService: string, credentials: Credentials): Promise<Identity> => exclusively(async () => {
      const grant = await service.signIn(loginService, credentials);
      failure = null;
      session.begin(grant);
      return grant.identity;
    }),

    /** One that outlives the call it is used for. */
    async grant(): Promise<Grant> {
      const held = known.held();
      if (!held?.isUsable())
        return renew();
      if (!held.isFresh())
        renewUnnoticed();
      return held;
    },

    /** Signing out is done when the service says so: as long as it cannot be reached its session lives. */
    signOut: (): Promise<void> => exclusively(async () => {
      for (let csrfToken = session.csrfToken(); csrfToken !== null; csrfToken = session.csrfToken()) {
        await service.signOut(csrfToken);
        session.end(csrfToken);
      }
    }),
  };
}
