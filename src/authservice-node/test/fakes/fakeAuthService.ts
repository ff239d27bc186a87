import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTHeaderParameters } from 'jose';
import { FakeFeed } from './fakeFeed.js';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly bearer: string;
  readonly body: Record<string, unknown>;
}

export type Handler = (call: Call, response: ServerResponse) => void | Promise<void>;

/** A server on 127.0.0.1 that answers the package's calls as AuthService does. Each answer can be replaced. */
export class FakeAuthService {
  readonly calls: Call[] = [];
  readonly claimed = new Set<string>();
  readonly revoked = new Set<string>();
  readonly keys: JWK[] = [];
  readonly feed = new FakeFeed();
  /** Handlers by path, in the place of the usual ones. */
  readonly instead = new Map<string, Handler>();
  /** The lifetime of the service's own access tokens in seconds. */
  tokenLifetime = 600;
  private readonly signers = new Map<string, { key: CryptoKey; algorithm: string }>();
  private readonly usual = new Map<string, Handler>([
    ['/.well-known/jwks.json', (_, response) => json(response, 200, { keys: this.keys })],
    ['/auth/refresh', async (call, response) => call.bearer.startsWith('rt_')
      ? json(response, 200, { accessToken: await this.token({ sub: '_files', role: 'SERVICE' }, this.tokenLifetime) })
      : json(response, 401, { why: 'no refresh token', errorCode: 'INVALID_TOKEN' })],
    ['/auth/claim', (call, response) => this.claim(call.body['jti'] as string, response)],
    ['/oauth/introspect', (call, response) => json(response, 200, { active: !this.revoked.has(call.body['token'] as string) })],
    ['/revocations', (call, response) => this.feed.answer(call, response)],
  ]);

  private constructor(private readonly server: Server) {}

  /**
   * Starts a server that stops with the test.
   * @param port The port; by default a free one.
   */
  static async start(test: TestContext, port = 0): Promise<FakeAuthService> {
    const server = createServer();
    const service = new FakeAuthService(server);
    server.on('request', (request, response) => void service.handle(request, response));
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve));
    test.after(() => {
      server.closeAllConnections();
      server.close();
    });
    await service.addKey('first');
    return service;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  callsOf(path: string): number {
    return this.calls.filter(call => call.path === path).length;
  }

  async addKey(keyId: string, algorithm = 'ES256'): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    this.keys.push({ ...await exportJWK(publicKey), kid: keyId, alg: algorithm, use: 'sig' });
    this.signers.set(keyId, { key: privateKey, algorithm });
  }

  /** @param claims Replace the usual ones; null removes one. */
  async token(claims: Record<string, unknown> = {}, lifetime = 600, header: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: this.address, sub: 'ada', aud: ['all:write'], iat: now, exp: now + lifetime, role: 'USER', extendedByChain: [], ...claims };
    const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
    const { key, algorithm } = this.signers.get(String(header['kid'] ?? 'first'))!;
    const head = { alg: algorithm, kid: 'first', typ: 'at+jwt', ...header } as unknown as JWTHeaderParameters;
    return new SignJWT(kept).setProtectedHeader(head).sign(key);
  }

  oneTimeToken(jti: string, claims: Record<string, unknown> = {}): Promise<string> {
    return this.token({ jti, ...claims }, 30, { typ: 'one-time+jwt' });
  }

  private claim(jti: string, response: ServerResponse): void {
    if (this.claimed.has(jti))
      return json(response, 409, { why: 'claimed before', errorCode: 'ALREADY_CLAIMED' });
    this.claimed.add(jti);
    response.writeHead(204).end();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, this.address);
    const text = (await request.toArray()).join('');
    const bearer = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const isJson = request.headers['content-type'] === 'application/json';
    const body = isJson ? JSON.parse(text) as Call['body'] : Object.fromEntries(new URLSearchParams(text));
    const call = { method: request.method!, path: pathname, query: searchParams, bearer, body };
    this.calls.push(call);
    const handler = this.instead.get(pathname) ?? this.usual.get(pathname);
    await (handler ?? ((_, to) => json(to, 404, { why: 'no such route' })))(call, response);
  }
}

export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export const unavailable: Handler = (_, response) => json(response, 503, { why: 'overloaded' });
