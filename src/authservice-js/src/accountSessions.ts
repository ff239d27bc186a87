import type { BrowserSession } from './browserSession.js';
import type { ServiceCall } from './serviceCall.js';

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

export function createAccountSessions(call: ServiceCall, session: BrowserSession): AccountSessions {
  const endCurrent = (): void => {
    const current = session.known.current;
    if (current !== null)
      session.end(current);
  };

  return {
    list: () => call('GET', path) as Promise<UserSession[]>,
    listActive: () => call('GET', `${path}/active`) as Promise<UserSession[]>,
    countActive: async () => (await call('GET', `${path}/count`) as { activeSessions: number }).activeSessions,

    async revoke(sessionId) {
      await call('DELETE', `${path}/${encodeURIComponent(sessionId)}`);
      if (session.known.held?.identity.sessionId === sessionId)
        endCurrent();
    },

    async revokeOthers() {
      await call('DELETE', path);
    },

    async revokeAll() {
      await call('DELETE', `${path}/all`);
      endCurrent();
    },
  };
}
