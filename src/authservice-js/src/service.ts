import { createGrant, isTokens, type Grant } from './grant.js';
import { refusalOf, unreachable } from './refusals.js';
import type { Moment, Stopwatch } from './stopwatch.js';
import type { Surroundings } from './surroundings.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** Ends the session soon, and with the browser. */
  readonly publicComputer?: boolean;
}

const patience = 10_000;

/** The calls of the Auth API that a browser makes with its refresh cookie (SPEC 3). */
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
    return new Request(this.#url + path, { credentials: 'include', signal: AbortSignal.timeout(patience), ...init });
  }

  /** @throws {UnavailableError} When there is no answer. */
  async send(call: Request): Promise<Response> {
    try {
      return await this.#surroundings.fetch(call);
    } catch (error) {
      throw unreachable(error);
    }
  }

  /** As a form, which a browser sends to another origin without asking it first. */
  async signIn(service: string, { username, password, publicComputer = false }: Credentials): Promise<Grant> {
    const body = new URLSearchParams({ username, password, service, publicComputer: String(publicComputer) });
    const asked = this.#stopwatch.moment();
    const response = await this.send(this.request('/auth/login', { method: 'POST', body, headers: { Accept: 'application/json' } }));
    if (!response.ok)
      throw await refusalOf(response);
    return this.#readGrant(response, asked);
  }

  /** @returns Null when the session is over, or the cookie gone or another session's. */
  async refresh(csrfToken: string): Promise<Grant | null> {
    const asked = this.#stopwatch.moment();
    const response = await this.#sendWithCookie('/auth/refresh/web', csrfToken);
    return response && this.#readGrant(response, asked);
  }

  /** A session that is gone already counts as signed out. */
  async signOut(csrfToken: string): Promise<void> {
    await this.#sendWithCookie('/auth/logout/web', csrfToken);
  }

  /** @returns Null where cookie and CSRF token are not those of one living session (400, 401). */
  async #sendWithCookie(path: string, csrfToken: string): Promise<Response | null> {
    const response = await this.send(this.request(path, { method: 'POST', headers: { 'X-CSRFToken': csrfToken } }));
    if (response.ok)
      return response;
    if (response.status === 400 || response.status === 401)
      return null;
    throw await refusalOf(response);
  }

  async #readGrant(response: Response, asked: Moment): Promise<Grant> {
    try {
      const tokens: unknown = await response.json();
      if (isTokens(tokens))
        return createGrant(tokens, asked, this.#stopwatch);
    } catch (error) {
      throw unreachable(error);
    }
    throw unreachable('The answer holds no tokens'); // of a captive portal, say
  }
}
