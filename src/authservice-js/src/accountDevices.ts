import type { ServiceCall } from './serviceCall.js';

/** A browser that the person has signed in with (src/AuthService/README.md#known-devices). Moments are milliseconds since 1970. */
export interface KnownDevice {
  readonly id: string;
  /** "Firefox on Linux". */
  readonly name: string;
  /** Of the last sign-in. */
  readonly ipAddress: string | null;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** Until then a sign-in there skips the second step; null when it does not. */
  readonly trustedUntil: number | null;
  /** Whether it is this one. */
  readonly current: boolean;
}

/** The browsers by which the service recognizes the signed-in person. */
export interface AccountDevices {
  /** The last used first. */
  list(): Promise<KnownDevice[]>;

  /**
   * It counts as unknown from now on, and its next sign-in asks for the second step; sessions stay.
   * @throws {RefusedError} With status 404 when the person has no such device.
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
