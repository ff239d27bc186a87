import { UnavailableError } from './errors.js';
import { checkAddress, checkNumber } from './options.js';
import { refusalOf, retried, ServiceCalls, type Answer, type Body } from './serviceCalls.js';
import { ServiceCredential, type Credential } from './serviceCredential.js';
import { attended, node, unlessAborted, within, type Surroundings } from './surroundings.js';

export interface ClientOptions {
  /** The address of AuthService, with its path if it has one. */
  readonly address: string | URL;
  /** The credential of this service's account. */
  readonly credential: Credential;
  /** Refuses to send the credential over plain HTTP, except to this machine. The default is true. */
  readonly requireHttps?: boolean;
  /** How long a call may take with all its retries, in seconds. The default is 30. */
  readonly timeout?: number;
}

/** The answer of RFC 7662 about a token. A token that is not active has no other members. Times are seconds since 1970. */
export interface Introspection {
  readonly active: boolean;
  readonly token_use?: 'access_token' | 'refresh_token' | 'app_token';
  readonly sub?: string;
  readonly aud?: readonly string[];
  readonly exp?: number;
  readonly iat?: number;
  readonly sid?: string;
  readonly role?: string;
  readonly jti?: string;
  readonly extendedByChain?: readonly string[];
  readonly act?: { readonly sub: string };
}

/**
 * Calls AuthService as this service. Every method throws a `RefusedError` when AuthService refuses the call. It throws an `UnavailableError` when there is no
 * answer in time, and when the function that gives the credential fails.
 */
export interface Client {
  /**
   * Claims a one-time token. A verifier does this by itself.
   * @param jti The token's `jti`, 1 to 256 characters.
   * @returns False when it was claimed before, by any service. The token must not be used then.
   */
  claim(jti: string, options?: CallOptions): Promise<boolean>;
  /** Asks whether an access, refresh or app token is active at this moment, and for what. */
  introspect(token: string, options?: CallOptions): Promise<Introspection>;
}

export interface CallOptions {
  /** Ends the wait. The call may have been made. */
  readonly signal?: AbortSignal;
}

/** @throws {TypeError} An option is missing or wrong. */
export function createClient(options: ClientOptions): Client {
  return new ServiceClient(options, node);
}

export class ServiceClient implements Client {
  private readonly calls: ServiceCalls;
  private readonly credential: ServiceCredential;
  private readonly timeout: number;

  constructor(options: ClientOptions, surroundings: Surroundings) {
    this.timeout = checkNumber(options.timeout ?? 30, 0.001, 3600, 'timeout');
    this.calls = new ServiceCalls(checkAddress(options.address, options.requireHttps ?? true, 'address'), surroundings);
    this.credential = new ServiceCredential(options.credential, this.calls, surroundings);
  }

  async claim(jti: string, options: CallOptions = {}): Promise<boolean> {
    requireText(jti, 'jti');
    const answer = await this.call('POST', 'auth/claim', JSON.stringify({ jti }), options.signal);
    if (answer.status !== 204 && answer.status !== 409)
      throw refusalOf(answer);
    if (answer.status === 409 && answer.body === undefined) // AuthService writes every refusal as JSON
      throw new UnavailableError('The answer to a claim is none of AuthService\'s');
    return answer.status === 204;
  }

  async introspect(token: string, options: CallOptions = {}): Promise<Introspection> {
    requireText(token, 'token');
    const answer = await this.call('POST', 'oauth/introspect', new URLSearchParams({ token }), options.signal);
    if (answer.status !== 200)
      throw refusalOf(answer);
    if (typeof (answer.body as Introspection | undefined)?.active !== 'boolean')
      throw new UnavailableError('The answer to an introspection is none of AuthService\'s');
    return answer.body as Introspection;
  }

  /**
   * Calls once as this service. If the access token is refused before it expires, the call is made again with a new one. A renewal goes on when a call that
   * waits for it is aborted.
   */
  async send(method: string, path: string, signal: AbortSignal, body: Body = null): Promise<Answer> {
    const bearer = await unlessAborted(this.credential.get(), signal);
    const answer = await this.calls.send(method, path, bearer, signal, body);
    if (answer.status !== 401 || !this.credential.tryForget(bearer))
      return answer;
    return this.calls.send(method, path, await unlessAborted(this.credential.get(), signal), signal, body);
  }

  /** A retry is safe: if a claim was made after all, the next one is a conflict and never a second success. */
  private call(method: string, path: string, body: Body, outer: AbortSignal | undefined): Promise<Answer> {
    return attended(within(this.timeout, [outer], signal => retried(() => this.send(method, path, signal, body), signal)));
  }
}

function requireText(value: unknown, name: string): void {
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`${name} is missing`);
}
