import type { Identity } from './claims.js';

export interface SecondFactorOptions {
  /** Sign-ins of this person with this browser skip the second step from now on, for as long as the service allows (`TwoFactor:TrustDeviceFor`), if it does. */
  readonly trustDevice?: boolean;
}

type Answer = (challengeId: string, verificationCode: string, options: SecondFactorOptions) => Promise<Identity>;

/** The password was right, and a second factor is owed: nobody is signed in before it is shown. */
export class SecondFactorOwed {
  /** Names the sign-in. It is good for ten minutes and five wrong codes. */
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
