import type { BrowserSession } from './browserSession.js';
import type { Identity } from './claims.js';
import { RefusedError, SignedOutError, UnavailableError } from './errors.js';
import { isOfSame, type Grant } from './grant.js';
import type { Exclusively } from './lock.js';
import { SecondFactorOwed } from './secondFactor.js';
import { isChallenge, type Credentials, type ProofAnswer, type Service } from './service.js';
import type { Moment, Stopwatch } from './stopwatch.js';

/** How long the service is left alone at most, in seconds. A proxy's page may ask for an hour, and the service be back before. */
const longestPause = 60;

export type TokenSource = ReturnType<typeof createTokenSource>;

/** Signs in, signs out and renews the access token. All of this uses one cookie, so one tab does it at a time. */
export function createTokenSource(session: BrowserSession, service: Service, exclusively: Exclusively, stopwatch: Stopwatch) {
  const { known } = session;
  let renewing: Promise<Grant> | null = null;
  let ended = new SignedOutError();
  let failure: { readonly error: UnavailableError; readonly at: Moment } | null = null;

  const beginWith = (grant: Grant): Identity => {
    failure = null;
    ended = new SignedOutError();
    session.begin(grant);
    return grant.identity;
  };

  /** @param signIn The call that sets the cookie. */
  const begin = (signIn: () => Promise<Grant>): Promise<Identity> => exclusively(async () => beginWith(await signIn()));

  const owe = (challengeId: string): SecondFactorOwed =>
    new SecondFactorOwed(challengeId, (id, code, options) => begin(() => service.answer(id, code, options)));

  /** Makes no call before the time that the service asked for in its last failure (`Retry-After`), or a minute later. */
  const checkPause = (): void => {
    if (failure === null)
      return;
    const { error, at } = failure;
    const seconds = Math.min(error.retryAfterSeconds, longestPause) - stopwatch.since(at) / 1000;
    if (seconds > 0)
      throw new UnavailableError(error.message, seconds, { cause: error });
  };

  const tryRefresh = async (csrfToken: string): Promise<Grant | SignedOutError> => {
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
      if (grant instanceof SignedOutError) {
        session.end(csrfToken);
        ended = grant;
      } else if (session.renew(csrfToken, grant)) {
        return grant;
      }
    }
    known.foundNobody();
    throw ended;
  };

  /** Another tab may have renewed the token while this one waited for its turn. */
  const renewInTurn = async (): Promise<Grant> => known.held?.isFresh() ? known.held : refresh();

  const renew = (): Promise<Grant> => renewing ??= exclusively(renewInTurn).finally(() => renewing = null);

  /** Renews the token when no call waits for it. A call that needs it later gets the error. */
  const renewUnnoticed = (): void => void renew().catch(() => undefined);

  /** Returns a token that outlives the call it is used for. */
  const grant = async (): Promise<Grant> => {
    const { held } = known;
    if (!held?.isUsable())
      return renew();
    if (!held.isFresh())
      renewUnnoticed();
    return held;
  };

  return {
    begin,
    grant,
    owe,
    renewUnnoticed,

    signIn: (loginService: string, credentials: Credentials): Promise<Identity | SecondFactorOwed> => exclusively(async () => {
      const answer = await service.signIn(loginService, credentials);
      return isChallenge(answer) ? owe(answer['2fa']) : beginWith(answer);
    }),

    /**
     * Gives a fresh proof of who is at the keyboard.
     * @param asked The token of the person who was asked for the proof.
     * @returns An access token that holds the proof; null when another person has signed in meanwhile.
     */
    async prove(asked: Grant, proof: ProofAnswer): Promise<Grant | null> {
      const held = await grant();
      if (!isOfSame(asked, held))
        return null;
      const proved = await service.reauthenticate(held, proof).catch(error => {
        if (error instanceof RefusedError && error.status === 401)
          known.rejected(held.accessToken);
        throw error;
      });
      session.renew(held.csrfToken, proved);
      return proved;
    },

    /**
     * Returns a token for a call of the person that the page shows at this moment.
     * @throws {SignedOutError} Also when another person has signed in before the token was there.
     */
    async grantToCaller(): Promise<Grant> {
      const { shown } = known;
      const granted = await grant();
      if (shown && !isOfSame(shown, granted))
        throw new SignedOutError();
      return granted;
    },

    /** Returns another token in the place of one that was refused. */
    replace(refused: Grant): Promise<Grant> {
      known.rejected(refused.accessToken);
      return grant();
    },

    /** Renews a token whose claims may be out of date, when no call waits for it. */
    replaceUnnoticed(): void {
      known.rejected(known.held?.accessToken);
      renewUnnoticed();
    },

    /** Signs out. The session is over only when the service says so: while the service cannot be reached, the session is active. */
    signOut: (): Promise<void> => exclusively(async () => {
      for (let csrfToken = session.csrfToken(); csrfToken !== null; csrfToken = session.csrfToken()) {
        await service.signOut(csrfToken);
        session.end(csrfToken);
      }
    }),
  };
}
