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
  /** Gives the session short lifetimes, and a cookie that ends with the browser. */
  readonly publicComputer?: boolean;
}

/** The answer to a sign-in that needs a second factor. */
export interface Challenge {
  readonly '2fa': string;
}

export const isChallenge = (value: unknown): value is Challenge => typeof (value as Partial<Challenge> | null)?.['2fa'] === 'string';

/** The options with which the browser asks for a passkey. */
export interface PasskeyPrompt {
  readonly challengeId: string;
  readonly options: PublicKeyCredentialRequestOptionsJSON;
}

/** The passkey's signature, as the browser gave it. */
export interface PasskeyAnswer {
  readonly challengeId: string;
  readonly credential: Credential;
}

/** A proof of who is at the keyboard, in the form that the service accepts. */
export type ProofAnswer = { readonly password: string } | { readonly verificationCode: string } | PasskeyAnswer;

const patience = 10_000;

export type Service = ReturnType<typeof createService>;

/** The calls of the Auth API that a browser makes with its refresh cookie (src/AuthService/README.md#auth-api). */
export function createService(url: string, surroundings: Surroundings, stopwatch: Stopwatch) {
  const request = (path: string, init: RequestInit): Request => new Request(url + path, { credentials: 'include', ...init });

  const requestWithJson = (path: string, body: unknown, method = 'POST'): Request =>
    request(path, { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });

  /** @throws {UnavailableError} There is no answer. */
  const send = async (call: Request): Promise<Response> => {
    try {
      return await surroundings.fetch(new Request(call, { signal: AbortSignal.timeout(patience) }));
    } catch (error) {
      throw unreachable(error);
    }
  };

  const grantOf = (answer: unknown, asked: Moment): Grant => {
    try {
      if (isTokens(answer))
        return createGrant(answer, asked, stopwatch);
    } catch (error) {
      throw unreachable(error);
    }
    throw unreachable('The answer holds no tokens'); // for example of a captive portal
  };

  /** @param known The tokens that the answer leaves out. */
  const askForGrant = async (call: Request, known?: Partial<Tokens>): Promise<Grant> => {
    const asked = stopwatch.moment();
    return grantOf({ ...await readAnswer(await send(call)) as object, ...known }, asked);
  };

  /** @returns The error when cookie and CSRF token do not belong to one active session (400, 401). */
  const sendWithCookie = async (path: string, csrfToken: string): Promise<Response | SignedOutError> => {
    const response = await send(request(path, { method: 'POST', headers: { 'X-CSRFToken': csrfToken } }));
    if (response.ok)
      return response;
    if (response.status === 400 || response.status === 401)
      return signedOut(response);
    throw await refusalOf(response);
  };

  return {
    request,
    requestWithJson,
    send,

    /** Signs in by a form, because a browser sends a form to another origin without a preflight request. */
    async signIn(service: string, { username, password, publicComputer = false }: Credentials): Promise<Grant | Challenge> {
      const body = new URLSearchParams({ username, password, service, publicComputer: String(publicComputer) });
      const asked = stopwatch.moment();
      const answer = await readAnswer(await send(request('/auth/login', { method: 'POST', body, headers: { Accept: 'application/json' } })));
      return isChallenge(answer) ? answer : grantOf(answer, asked);
    },

    /** Answers the second step of a sign-in. */
    answer: (challengeId: string, verificationCode: string, { trustDevice }: SecondFactorOptions): Promise<Grant> =>
      askForGrant(requestWithJson('/auth/2fa/challenge', { challengeId, verificationCode, trustDevice })),

    /** Gets the options for a sign-in with a passkey. The passkey says who signs in. */
    promptForPasskey: async (service: string): Promise<PasskeyPrompt> =>
      await readAnswer(await send(requestWithJson('/auth/passkeys/options', { service }))) as PasskeyPrompt,

    signInWithPasskey: (answer: PasskeyAnswer & { readonly service: string; readonly publicComputer: boolean }): Promise<Grant> =>
      askForGrant(requestWithJson('/auth/passkeys/login', answer)),

    /** Gets a new access token of the same session, which holds the proof. */
    reauthenticate({ accessToken, csrfToken }: Grant, proof: ProofAnswer): Promise<Grant> {
      const call = requestWithJson('/auth/reauthenticate', proof);
      call.headers.set('Authorization', `Bearer ${accessToken}`);
      return askForGrant(call, { csrfToken });
    },

    /** @returns The error when the session is over, or the cookie is missing or belongs to another session. */
    async refresh(csrfToken: string): Promise<Grant | SignedOutError> {
      const asked = stopwatch.moment();
      const response = await sendWithCookie('/auth/refresh/web', csrfToken);
      return response instanceof SignedOutError ? response : grantOf(await readAnswer(response), asked);
    },

    /** Signs out. A session that was over before counts as signed out. */
    async signOut(csrfToken: string): Promise<void> {
      const response = await sendWithCookie('/auth/logout/web', csrfToken);
      if (!(response instanceof SignedOutError) && response.status !== 204)
        throw unreachable(response.status);
    },
  };
}

/**
 * Reads the body of a successful answer.
 * @param isEmpty Whether the body must be empty; otherwise it must be JSON.
 * @returns The parsed body; undefined when it is empty.
 * @throws {UnavailableError} Also when something other than the service has answered, for example with a page.
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
