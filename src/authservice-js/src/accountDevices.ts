import type { ServiceCall } from './serviceCall.js';

/** A browser that the person has signed in with (src/AuthService/README.md#known-devices). Times are milliseconds since 1970. */
export interface KnownDevice {
  readonly id: string;
  /** The browser and its system, for example "Firefox on Linux". */
  readonly name: string;
  /** The address of the last sign-in. */
  readonly ipAddress: string | null;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** The time until which a sign-in with this browser skips the second step; null when it does not skip it. */
  readonly trustedUntil: number | null;
  /** Whether it is the browser that makes the call. */
  readonly current: boolean;
}

/** The browsers by which the service recognizes the signed-in person. */
export interface AccountDevices {
  /** Lists the browsers, the last used first. */
  list(): Promise<KnownDevice[]>;

  /**
   * Forgets a browser. It counts as unknown, and its next sign-in asks for the second step. Its sessions stay.
   * @throws {RefusedError} Status 404: the person has no such device.
   */
  forget(id: string): Promise<void>;
}

const path = '/account/devices';

export function createAccountDevices(call: ServiceCall): AccountDevices {
  return {
    list: () => call('GET', path) as Promise<KnownDevice[]>,
    forget: async id => call('DELETE', `${path}/${encodeURIComponent(id)}`) as Promise<void>,
  };
}
