import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createVerifier, type RevocationOptions, type Verifier, type VerifierOptions } from '../../src/index.js';

export interface Session {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface ServiceAccount {
  readonly id: string;
  readonly refreshToken: string;
}

type Json = Record<string, string>;

/** A running AuthService, which tests/AuthService.ApiTests/Client/NodePackageTests.cs starts, with the actions of its administrator and its people. */
export class Instance {
  private admin: Promise<Session> | null = null;

  /** @param variable The environment variable with its address. */
  constructor(variable: string, readonly address = setting(variable), readonly issuer = address) {}

  async person(): Promise<Session & { readonly id: string }> {
    const [id, password] = [`person-${randomUUID()}`, `Aa1-${randomUUID()}`];
    await this.call('POST', '/admin/principals', await this.adminToken(), { id, password });
    return { id, ...await this.signIn(id, password) };
  }

  /** Creates a service. An existing one gets a new refresh token. */
  async service(id = `_service-${randomUUID()}`): Promise<ServiceAccount> {
    const made = await this.send('POST', '/admin/principals', await this.adminToken(), { id, type: 'SERVICE' });
    if (made.status === 409)
      return this.renew(id);
    assert.equal(made.status, 201);
    return { id, refreshToken: (await made.json() as Json)['refreshToken']! };
  }

  async renew(id: string): Promise<ServiceAccount> {
    return { id, refreshToken: (await this.call('POST', `/admin/principals/${id}/refresh-token`, await this.adminToken()))['refreshToken']! };
  }

  async apiKey(owner: string): Promise<{ readonly id: string; readonly key: string }> {
    return await this.call('POST', `/admin/principals/${owner}/api-keys`, await this.adminToken(), { name: 'test' }) as unknown as { id: string; key: string };
  }

  async signIn(username: string, password: string): Promise<Session> {
    const body = new URLSearchParams({ username, password, service: 'app' });
    const answer = await fetch(`${this.address}/auth/login`, { method: 'POST', body, headers: { Accept: 'application/json' } });
    assert.equal(answer.status, 200);
    return await answer.json() as Session;
  }

  async refresh(refreshToken: string): Promise<string> {
    return (await this.call('POST', '/auth/refresh', refreshToken))['accessToken']!;
  }

  async oneTimeToken(accessToken: string, audience = 'files:read'): Promise<string> {
    return (await this.call('POST', '/auth/request', accessToken, { audience }))['accessToken']!;
  }

  /** @param lifetime In seconds. */
  async extend(service: ServiceAccount, accessToken: string, scope: string, lifetime = 60): Promise<string> {
    const body = { validJWT: accessToken, requestedScopes: [scope], expiresIn: lifetime * 1000 };
    return (await this.call('POST', '/auth/extend', await this.refresh(service.refreshToken), body))['accessToken']!;
  }

  async adminToken(): Promise<string> {
    this.admin ??= this.signIn(setting('AUTHSERVICE_ADMIN'), setting('AUTHSERVICE_ADMIN_PASSWORD'));
    return (await this.admin).accessToken;
  }

  async call(method: string, path: string, bearer: string, body?: object): Promise<Json> {
    const answer = await this.send(method, path, bearer, body);
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? {} : JSON.parse(text) as Json;
  }

  private send(method: string, path: string, bearer: string, body?: object): Promise<Response> {
    const isForm = body === undefined || body instanceof URLSearchParams;
    const headers = { Authorization: `Bearer ${bearer}`, ...!isForm && { 'Content-Type': 'application/json' } };
    return fetch(`${this.address}${path}`, { method, headers, body: isForm ? body ?? null : JSON.stringify(body) });
  }
}

/** The instance that most tests use. Its issuer is its address. */
export const instance = new Instance('AUTHSERVICE_ADDRESS');

/** Another instance, with another issuer and other keys. */
export const other = new Instance('AUTHSERVICE_OTHER_ADDRESS', undefined, 'http://localhost');

/** An instance on the same database as `other`. It signs with a new key, and its clock is two seconds ahead. */
export const ahead = new Instance('AUTHSERVICE_AHEAD_ADDRESS', undefined, other.issuer);

/** Makes a verifier that is closed with the test. */
export function verifierOf(test: TestContext, options: Partial<VerifierOptions> = {}): Verifier {
  const verifier = createVerifier({ issuer: instance.issuer, log: () => undefined, ...options });
  test.after(() => verifier.close());
  return verifier;
}

/** Makes a verifier with its own account, which reads the feed. A revocation that it knows before the end of the wait was pushed to it. */
export async function readerOf(test: TestContext, options: Partial<RevocationOptions> = {}): Promise<Verifier> {
  const credential = options.credential ?? (await instance.service()).refreshToken;
  const verifier = verifierOf(test, { revocation: { address: instance.address, credential, whenStale: 'refuse', wait: 30, maxStaleness: 60, ...options } });
  await verifier.ready();
  return verifier;
}

/** A proxy before an instance. It can lead to another instance, or be cut. */
export class Way {
  isCut = false;
  isFeedCut = false;
  address = '';

  static async to(instance: Instance, test: TestContext): Promise<Way> {
    const way = new Way(instance);
    const server = createServer((request, response) => {
      if (way.isCut || (way.isFeedCut && request.url!.startsWith('/revocations')))
        return void response.destroy();
      const headers = { Authorization: request.headers.authorization ?? '', 'Content-Type': request.headers['content-type'] ?? '' };
      void request.toArray().then(chunks => fetch(`${way.instance.address}${request.url}`, {
        method: request.method!, headers, body: chunks.length === 0 ? null : Buffer.concat(chunks as Buffer[]),
      })).then(async answer => response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(await answer.text()), () => response.destroy());
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    test.after(() => {
      server.closeAllConnections();
      server.close();
    });
    way.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return way;
  }

  private constructor(private instance: Instance) {}

  leadTo(instance: Instance): void {
    this.instance = instance;
  }
}

function setting(variable: string): string {
  return process.env[variable]?.replace(/\/$/, '') ?? assert.fail(`${variable} is missing: these tests are run by tests/AuthService.ApiTests`);
}
