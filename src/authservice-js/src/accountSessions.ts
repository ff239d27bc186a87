import type { BrowserSession } from './browserSession.js';
import type { ServiceCall } from './serviceCall.js';
import type { TokenSource } from './tokenSource.js';

/** One of the person's sessions (src/AuthService/README.md#account-api). Times are milliseconds since 1970, durations milliseconds. */
export interface UserSession {
  readonly sessionId: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly loginTime: number;
  readonly lastAccessed: number;
  readonly email: string | null;
  readonly location: string | null;
  readonly deviceType: 'Desktop' | 'Mobile' | 'Tablet' | 'Bot' | 'Unknown';
  /** The browser and its system, for example "Firefox on Linux". */
  readonly deviceName: string;
  readonly sessionDuration: number;
  readonly inactivityDuration: number;
  /** When the session expires, even if it is used. */
  readonly expiresAt: number;
  /** Whether it is the session of this browser. */
  readonly current: boolean;
  /** The service that acts for the person in this session. */
  readonly extendedBy?: string;
  /** The administrator who impersonates the person in this session. */
  readonly actor?: string;
  /** The service that impersonates in the administrator's name. */
  readonly actorService?: string;
}

/** The signed-in person's sessions on all devices. */
export interface AccountSessions {
  /** Lists every session that has not expired, the newest first. */
  list(): Promise<UserSession[]>;

  /** Lists the sessions that are enabled and not idle. */
  listActive(): Promise<UserSession[]>;

  countActive(): Promise<number>;

  /**
   * Revokes one session. If it is the current one, all tabs are signed out.
   * @throws {RefusedError} Status 404: the person has no such session.
   */
  revoke(sessionId: string): Promise<void>;

  /** Revokes all sessions except the current one. */
  revokeOthers(): Promise<void>;

  /** Revokes every session, the current one too, and signs out all tabs. */
  revokeAll(): Promise<void>;
}

const path = '/account/auth/sessions';

/** @param callInTurn Calls while no other tab uses the cookie. The answer may delete it, and must not find the cookie of a newer session. */
export function createAccountSessions(call: ServiceCall, callInTurn: ServiceCall, session: BrowserSession, tokens: TokenSource): AccountSessions {
  /** Revokes sessions. If the session of the call is among them, this browser is signed out of it. */
  const end = async (name: string, meant: string | null): Promise<void> => {
    const { csrfToken, identity } = await tokens.grantToCaller();
    await callInTurn('DELETE', `${path}/${name}`);
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
