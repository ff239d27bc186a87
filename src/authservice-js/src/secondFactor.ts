import type { Identity } from './claims.js';

export interface SecondFactorOptions {
  /** Lets later sign-ins of this person with this browser skip the second step, if and as long as the service allows it (`TwoFactor:TrustDeviceFor`). */
  readonly trustDevice?: boolean;
}

type Answer = (challengeId: string, verificationCode: string, options: SecondFactorOptions) => Promise<Identity>;

/** The password was right, and a second factor is needed before the person is signed in. */
export class SecondFactorOwed {
  /** Identifies the sign-in. It is valid for ten minutes and five wrong codes. */
  readonly challengeId: string;
  readonly #answer: Answer;

  constructor(challengeId: string, answer: Answer) {
    this.challengeId = challengeId;
    this.#answer = answer;
  }

  /**
   * Signs in, in all tabs.
   * @param verificationCode A code of the person's authenticator app, or one of their recovery codes.
   * @throws {WrongCodeError} @throws {LockedError} @throws {UnavailableError} @throws {RefusedError}
   */
  answer(verificationCode: string, options: SecondFactorOptions = {}): Promise<Identity> {
    return this.#answer(this.challengeId, verificationCode, options);
  }
}
