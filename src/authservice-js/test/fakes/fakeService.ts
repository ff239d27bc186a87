import { FakeDetails } from './fakeDetails.js';
import { FakePasskeys } from './fakePasskeys.js';
import type { World } from './world.js';

interface ServerSession {
  readonly id: string;
  readonly person: string;
  readonly csrfToken: string;
  ended: boolean;
  /** Whether a fresh proof was given in it. */
  proved: boolean;
}

export interface Call {
  readonly path: string;
  readonly body: string;
  readonly headers: Headers;
}

/** The service as its contract describes it, with the routes that a browser uses, and an API that accepts its access tokens. */
export class FakeService {
  readonly calls: Call[] = [];
  /** Answers in the place of the usual ones, one for each call. */
  readonly instead: (Response | Error)[] = [];
  /** How far the server's clock is ahead of the world's, in milliseconds. */
  skew = 0;
  lifetimeSeconds = 600;
  /** People with a second factor (the right code is 123456), and people with an app that is newer than their session. */
  readonly guarded = new Set<string>();
  readonly newApps = new Set<string>();
  /** People who have no password. */
  readonly federated = new Set<string>();
  readonly passkeys = new FakePasskeys();
  readonly details = new FakeDetails();
  /** The most calls with a cookie that were ever under way at once. */
  mostAtOnce = 0;
  #atOnce = 0;
  #made = 0;
  readonly #world: World;
  /** People for whom this browser skips the second step. */
  readonly #trusting = new Set<string>();
  #reason: { why: string; errorCode: string } | undefined;
  readonly #sessions = new Map<string, ServerSession>();
  readonly #tokens = new Map<string, { readonly session: ServerSession; readonly expires: number }>();

  constructor(world: World) {
    this.#world = world;
  }

  countOf(path: string): number {
    return this.calls.filter(call => call.path === path).length;
  }

  get refreshes(): number {
    return this.countOf('/auth/refresh/web');
  }

  begin(person: string): { refreshToken: string; accessToken: string; csrfToken: string } {
    const number = ++this.#made;
    const session = { id: `session-${number}`, person, csrfToken: `csrf-${number}`, ended: false, proved: false };
    this.#sessions.set(`rt_${number}`, session);
    return { refreshToken: `rt_${number}`, accessToken: this.#mint(session), csrfToken: session.csrfToken };
  }

  find(refreshToken: string | undefined): ServerSession | undefined {
    const session = this.#sessions.get(refreshToken ?? '');
    return session?.ended ? undefined : session;
  }

  /** @param reason The reason that a later refresh is told. */
  endAll(reason?: { why: string; errorCode: string }): void {
    this.#reason = reason;
    for (const session of this.#sessions.values())
      session.ended = true;
  }

  accepts(accessToken: string): boolean {
    const token = this.#tokens.get(accessToken);
    return token !== undefined && !token.session.ended && token.expires > this.#now;
  }

  isUnexpired(accessToken: string): boolean {
    return (this.#tokens.get(accessToken)?.expires ?? 0) > this.#now;
  }

  async answer(request: Request, cookie: string | undefined, setCookie: (value: string | undefined) => void): Promise<Response> {
    const { pathname } = new URL(request.url);
    this.calls.push({ path: pathname, body: await request.text(), headers: request.headers });
    const instead = this.instead.shift();
    if (instead instanceof Error)
      throw instead;
    return instead ?? this.#route(`${request.method} ${pathname}`, request, cookie, setCookie);
  }

  enter(): void {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
  }

  leave(): void {
    this.#atOnce--;
  }

  get #now(): number {
    return this.#world.wall() + this.skew;
  }

  #route(route: string, request: Request, cookie: string | undefined, setCookie: (value: string | undefined) => void): Response {
    switch (route) {
      case 'POST /auth/login':
        return this.#signIn(setCookie);
      case 'POST /auth/2fa/challenge':
        return this.#answerChallenge(setCookie);
      case 'POST /auth/passkeys/options':
        return this.passkeys.prompt({});
      case 'POST /auth/passkeys/login': {
        const person = this.passkeys.use(this.#bodyOfLast());
        return person === undefined ? incorrectPasskey() : this.#beginWithCookie(person, setCookie);
      }
      case 'POST /auth/refresh/web':
        return this.#withCookie(request, cookie, session => json({ accessToken: this.#mint(session), csrfToken: session.csrfToken }));
      case 'POST /auth/logout/web':
        return this.#withCookie(request, cookie, session => {
          session.ended = true;
          setCookie(undefined);
          return new Response(null, { status: 204 });
        });
      default:
        return this.details.answerAnyone(route, this.calls.at(-1)!.body, person => this.#revoke(session => session.person === person))
          ?? this.#withBearer(request, route, setCookie);
    }
  }

  #signIn(setCookie: (value: string) => void): Response {
    const form = new URLSearchParams(this.calls.at(-1)!.body);
    if (form.get('password') !== 'right')
      return json({ why: 'Incorrect username or password', errorCode: 'WRONG_CREDENTIALS' }, 401);
    const person = form.get('username')!;
    return this.guarded.has(person) && !this.#trusting.has(person) ? json({ '2fa': `challenge of ${person}` }) : this.#beginWithCookie(person, setCookie);
  }

  #answerChallenge(setCookie: (value: string) => void): Response {
    const { challengeId, verificationCode, trustDevice } = this.#bodyOfLast<{ challengeId: string; verificationCode: string; trustDevice?: boolean }>();
    if (verificationCode !== rightCode)
      return incorrectCode();
    const person = challengeId.replace('challenge of ', '');
    if (trustDevice)
      this.#trusting.add(person);
    return this.#beginWithCookie(person, setCookie);
  }

  #beginWithCookie(person: string, setCookie: (value: string) => void): Response {
    const { refreshToken, ...tokens } = this.begin(person);
    setCookie(refreshToken);
    return json(tokens);
  }

  /** A person with a second factor must use it, so that their password is refused too. */
  #reauthenticate(session: ServerSession): Response {
    const { password, verificationCode, credential } = this.#bodyOfLast<Record<string, unknown>>();
    if (credential !== undefined && this.passkeys.use(this.#bodyOfLast()) !== session.person)
      return incorrectPasskey();
    if (credential === undefined && (this.#proofsOf(session).includes('verificationCode') ? verificationCode !== rightCode : password !== 'right'))
      return verificationCode === undefined ? json({ why: 'Incorrect password', errorCode: 'WRONG_CREDENTIALS' }, 401) : incorrectCode();
    if (session.proved)
      this.newApps.delete(session.person);
    session.proved = true;
    return json({ accessToken: this.#mint(session) });
  }

  #bodyOfLast<T>(): T {
    return JSON.parse(this.calls.at(-1)!.body) as T;
  }

  #withCookie(request: Request, cookie: string | undefined, serve: (session: ServerSession) => Response): Response {
    if (cookie === undefined)
      return json({ why: 'The refresh cookie is missing', errorCode: 'BAD_REQUEST' }, 400);
    const session = this.find(cookie);
    return session?.csrfToken === request.headers.get('X-CSRFToken')
      ? serve(session)
      : json(this.#reason ?? { why: 'The refresh token is not valid', errorCode: 'INVALID_TOKEN' }, 401);
  }

  #withBearer(request: Request, route: string, setCookie: (value: string | undefined) => void): Response {
    const token = request.headers.get('Authorization')?.replace('Bearer ', '') ?? '';
    if (!this.accepts(token))
      return json({ message: 'Missing or invalid credentials', status: 'UNAUTHENTICATED' }, 401);
    const { session } = this.#tokens.get(token)!;
    switch (route) {
      case 'GET /account/auth/sessions':
      case 'GET /account/auth/sessions/active':
        return json([...this.#sessions.values()].filter(each => !each.ended).map(each => ({ sessionId: each.id, current: each === session })));
      case 'GET /account/auth/sessions/count':
        return json({ activeSessions: [...this.#sessions.values()].filter(each => !each.ended).length });
      case 'DELETE /account/auth/sessions':
        return this.#revoke(each => each !== session);
      case 'DELETE /account/auth/sessions/all':
        setCookie(undefined);
        return this.#revoke(each => each.person === session.person);
      case 'GET /auth/2fa/status':
        return json({ proofs: this.#proofsOf(session) });
      case 'POST /auth/reauthenticate/options':
        return this.passkeys.prompt({});
      case 'POST /auth/reauthenticate':
        return this.#reauthenticate(session);
      case 'POST /secret':
        return session.proved && !this.newApps.has(session.person) ? json({ done: this.calls.at(-1)!.body }) : needsProof(session.proved ? 'mfa' : undefined);
      case 'POST /auth/request':
        return json({ accessToken: this.#mint(session), jti: 'jti-1' });
      default:
        if (route.includes(' /account/passkeys'))
          return this.passkeys.answer(route, session.person, this.calls.at(-1)!.body);
        return this.details.answer(route, session.proved, this.calls.at(-1)!.body)
          ?? (route.startsWith('DELETE ') ? this.#revoke(each => route.endsWith(`/${each.id}`)) : json({ hello: session.person }));
    }
  }

  #proofsOf({ person, proved }: ServerSession): string[] {
    const knowsApp = this.guarded.has(person) && (proved || !this.newApps.has(person));
    const proofs = [...knowsApp ? ['verificationCode'] : [], ...this.passkeys.of(person).length > 0 ? ['passkey'] : []];
    return proofs.length > 0 || this.federated.has(person) ? proofs : ['password'];
  }

  #revoke(isMeant: (session: ServerSession) => boolean): Response {
    const meant = [...this.#sessions.values()].filter(session => !session.ended && isMeant(session));
    for (const session of meant)
      session.ended = true;
    return meant.length > 0 ? new Response(null) : json({ message: 'There is no such session', status: 'SESSION_NOT_FOUND' }, 404);
  }

  #mint(session: ServerSession): string {
    const issued = Math.floor(this.#now / 1000);
    const claims = { sub: session.person, sid: session.id, aud: ['all:write'], role: 'USER', iat: issued, exp: issued + this.lifetimeSeconds };
    const token = `head.${Buffer.from(JSON.stringify({ ...claims, number: ++this.#made })).toString('base64url')}.signature`;
    this.#tokens.set(token, { session, expires: claims.exp * 1000 });
    return token;
  }
}

const rightCode = '123456';

const incorrectCode = (): Response => json({ why: 'Incorrect code', errorCode: 'INCORRECT_CODE' }, 401);

const incorrectPasskey = (): Response => json({ why: 'Incorrect passkey', errorCode: 'INCORRECT_PASSKEY' }, 401);

export const needsProof = (factor?: 'mfa'): Response =>
  json({}, 401, { 'WWW-Authenticate': `Bearer error="insufficient_user_authentication", ${factor ? 'acr_values="mfa", ' : ''}max_age="600"` });

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}
