import type { Credential } from './authenticator.js';
import { createGrant, isTokens, type Grant, type Tokens } from './grant.js';
import { SignedOutError } from './errors.js';
import { refusalOf, signedOut, unreachable } from './refusals.js';
import type { SecondFactorOptions } from './secondFactor.js';
import type { Moment, Stopwatch } from './stopwatch.js';
import type { Surroundings } from './surroundings.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Ends the session soon, and with the browser. */
  readonly publicComputer?: boolean;
}

/** What a sign-in is answered with when a second factor is owed. */
export interface Challenge {
  readonly '2fa': string;
}

export const isChallenge = (value: unknown): value is Challenge => typeof (value as Partial<Challenge> | null)?.['2fa'] === 'string';

/** What the browser is to be given to ask for a passkey. */
export interface PasskeyPrompt {
  readonly challengeId: string;
  readonly options: PublicKeyCredentialRequestOptionsJSON;
}

/** What the browser gave. */
export interface PasskeyAnswer {
  readonly challengeId: string;
  readonly credential: Credential;
}

/** What shows who is at the keyboard, as the service takes it. */
export type ProofAnswer = { readonly password: string } | { readonly verificationCode: string } | PasskeyAnswer;

const patience = 10_000;

/** The calls of the Auth API that a browser makes with its refresh cookie (src/AuthService/README.md#auth-api). */
export class Service {
  readonly #url: string;
  readonly #surroundings: Surroundings;
  readonly #stopwatch: Stopwatch;

  constructor(url: string, surroundings: Surroundings, stopwatch: Stopwatch) {
    this.#url = url;
    this.#surroundings = surroundings;
    this.#stopwatch = stopwatch;
  }

  request(path: string, init: RequestInit): Request {
    return new Request(this.#url + path, { credentials: 'include', ...init });
  }

  requestWithJson(path: string, body: unknown, method = 'POST'): Request {
    return this.request(path, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
  }

  /** @throws {UnavailableError} When there is no answer. */
  async send(call: Request): Promise<Response> {
    try {
      return await this.#surroundings.fetch(new Request(call, { signal: AbortSignal.timeout(patience) }));
    } catch (error) {
      throw unreachable(error);
    }
  }

  /** As a form, which a browser sends to another origin without asking it first. */
  async signIn(service: string, { username, password, publicComputer = false }: Credentials): Promise<Grant | Challenge> {
    const body = new URLSearchParams({ username, password, service, publicComputer: String(publicComputer) });
    const asked = this.#stopwatch.moment();
    const answer = await readAnswer(await this.send(this.request('/auth/login', { method: 'POST', body, headers: { Accept: 'application/json' } })));
    return isChallenge(answer) ? answer : this.#grantOf(answer, asked);
  }

  /** The second step of a sign-in. */
  answer(challengeId: string, verificationCode: string, { trustDevice }: SecondFactorOptions): Promise<Grant> {
    return this.#askForGrant(this.requestWithJson('/auth/2fa/challenge', { challengeId, verificationCode, trustDevice }));
  }

  /** For whoever it is that signs in. */
  async promptForPasskey(service: string): Promise<PasskeyPrompt> {
    return await readAnswer(await this.send(this.requestWithJson('/auth/passkeys/options', { service }))) as PasskeyPrompt;
  }

  signInWithPasskey(answer: PasskeyAnswer & { readonly service: string; readonly publicComputer: boolean }): Promise<Grant> {
    return this.#askForGrant(this.requestWithJson('/auth/passkeys/login', answer));
  }

  /** A new access token of the same session, which holds the proof. */
  reauthenticate({ accessToken, csrfToken }: Grant, proof: ProofAnswer): Promise<Grant> {
    const call = this.requestWithJson('/auth/reauthenticate', proof);
    call.headers.set('Authorization', `Bearer ${accessToken}`);
    return this.#askForGrant(call, { csrfToken });
  }

  /** @returns The error when the session is over, or the cookie gone or another session's. */
  async refresh(csrfToken: string): Promise<Grant | SignedOutError> {
    const asked = this.#stopwatch.moment();
    const response = await this.#sendWithCookie('/auth/refresh/web', csrfToken);
    return response instanceof SignedOutError ? response : this.#grantOf(await readAnswer(response), asked);
  }

  /** A session that is gone already counts as signed out. */
  async signOut(csrfToken: string): Promise<void> {
    const response = await this.#sendWithCookie('/auth/logout/web', csrfToken);
    if (!(response instanceof SignedOutError) && response.status !== 204)
      throw unreachable(response.status);
  }

  /** @returns The error where cookie and CSRF token are not those of one active session (400, 401). */
  async #sendWithCookie(path: string, csrfToken: string): Promise<Response | SignedOutError> {
    const response = await this.send(this.request(path, { method: 'POST', headers: { 'X-CSRFToken': csrfToken } }));
    if (response.ok)
      return response;
    if (response.status === 400 || response.status === 401)
      return signedOut(response);
    throw await refusalOf(response);
  }

  /** @param known What the answer leaves out. */
  async #askForGrant(call: Request, known?: Partial<Tokens>): Promise<Grant> {
    const asked = this.#stopwatch.moment();
    return this.#grantOf({ ...await readAnswer(await this.send(call)) as object, ...known }, asked);
  }

  #grantOf(answer: unknown, asked: Moment): Grant {
    try {
      if (isTokens(answer))
        return createGrant(answer, asked, this.#stopwatch);
    } catch (error) {
      throw unreachable(error);
    }
    throw unreachable('The answer holds no tokens'); // of a captive portal, say
  }
}

/**
 * @param isEmpty Whether the service answers with nothing; otherwise it is JSON.
 * @returns What the answer holds; undefined where that is nothing.
 * @throws {UnavailableError} Also when something else has answered, with a page for example.
 */
export async function readAnswer(response: Response, isEmpty = false): Promise<unknown> {
  if (!response.ok)
    throw await refusalOf(response);
  try {
    const text = await response.text();
    if (!isEmpty)
      return JSON.parse(text);
    if (text)
      throw text;
    return undefined;
  } catch (error) {
    throw unreachable(error);
  }
}
