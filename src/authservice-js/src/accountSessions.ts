import type { BrowserSession } from './browserSession.js';
import type { ServiceCall } from './serviceCall.js';
import type { TokenSource } from './tokenSource.js';

/** One of the person's sessions (src/AuthService/README.md#account-api). Moments are milliseconds since 1970, durations milliseconds. */
export interface UserSession {
  readonly sessionId: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly loginTime: number;
  readonly lastAccessed: number;
  readonly email: string | null;
  readonly location: string | null;
  readonly deviceType: 'Desktop' | 'Mobile' | 'Tablet' | 'Bot' | 'Unknown';
  /** For people: "Firefox on Linux". */
  readonly deviceName: string;
  readonly sessionDuration: number;
  readonly inactivityDuration: number;
  /** When it ends, however much it is used. */
  readonly expiresAt: number;
  /** Whether it is this browser's. */
  readonly current: boolean;
  /** The service that acts for the person in it. */
  readonly extendedBy?: string;
  /** The administrator who impersonates in it. */
  readonly actor?: string;
  /** The service that does so in the administrator's name. */
  readonly actorService?: string;
}

/** The signed-in person's sessions on all devices. */
export interface AccountSessions {
  /** Every session that has not expired, newest first. */
  list(): Promise<UserSession[]>;

  /** Those that are enabled and not idle. */
  listActive(): Promise<UserSession[]>;

  countActive(): Promise<number>;

  /**
   * Ends one session. Ending the current one signs out all tabs.
   * @throws {RefusedError} With status 404 when the person has no such session.
   */
  revoke(sessionId: string): Promise<void>;

  /** Ends all sessions but the current one. */
  revokeOthers(): Promise<void>;

  /** Ends every session, the current one included, and signs out all tabs. */
  revokeAll(): Promise<void>;
}

const path = '/account/auth/sessions';

export function createAccountSessions(call: ServiceCall, session: BrowserSession, tokens: TokenSource): AccountSessions {
  /** When the session that the call is made in is meant it ends here too, and not another one that has begun by the time of the answer. */
  const end = async (name: string, meant: string | null): Promise<void> => {
    const { csrfToken, identity } = await tokens.grantToCaller();
    await call('DELETE', `${path}/${name}`);
    if (meant === null || meant === identity.sessionId)
      session.end(csrfToken);
  };

  return {
    list: () => call('GET', path) as Promise<UserSession[]>,
    listActive: () => call('GET', `${path}/active`) as Promise<UserSession[]>,
    countActive: async () => (await call('GET', `${path}/count`) as { activeSessions: number }).activeSessions,

    revoke: sessionId => end(encodeURIComponent(sessionId), sessionId),

    revokeOthers: () => call('DELETE', path) as Promise<void>,

    revokeAll: () => end('all', null),
  };
}
