import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { InvalidTokenError } from '../src/index.js';
import { outcomeOf, start } from './fakes/scene.js';

const base64 = (part: object | string): string => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

test('A token that holds gives its claims', async test => {
  const { service, verifier } = await start(test);
  const claims = await verifier().verify(await service.token({ sid: 'session-1', email: 'ada@example.com', act: { sub: 'root' }, amr: ['pwd'] }));
  assert.deepEqual(
    [claims.sub, claims.aud, claims.role, claims.sid, claims.email, claims.act?.sub, claims.amr, claims.jti],
    ['ada', ['all:write'], 'USER', 'session-1', 'ada@example.com', 'root', ['pwd'], undefined]);
  assert.equal(service.callsOf('/.well-known/jwks.json'), 1);
});

for (const [what, claims, header] of [
  ['of another type', {}, { typ: 'JWT' }],
  ['without a type', {}, { typ: undefined }],
  ['of a type in another spelling', {}, { typ: 'application/at+jwt' }],
  ['of one use without a jti', {}, { typ: 'one-time+jwt' }],
  ['with an extension', {}, { crit: ['exp'] }],
  ['of another issuer', { iss: 'http://other.example.com' }, {}],
  ['without an issuer', { iss: null }, {}],
  ['without an end', { exp: null }, {}],
  ['that has ended', { exp: Math.floor(Date.now() / 1000) - 31 }, {}],
  ['that has not begun', { nbf: Math.floor(Date.now() / 1000) + 120 }, {}],
  ['without a subject', { sub: null }, {}],
  ['with an empty subject', { sub: '' }, {}],
  ['with a session that is a number', { sid: 7 }, {}],
  ['with a jti that is no text', { jti: { a: 1 } }, {}],
  ['with scopes that are numbers', { aud: [1] }, {}],
  ['that is too long', { padding: 'x'.repeat(8192) }, {}],
] as const) {
  test(`A token ${what} is refused, however rightly it is signed`, async test => {
    const { service, verifier } = await start(test);
    const files = verifier();
    assert.equal(await outcomeOf(files, await service.token()), 'taken');
    const token = 'crit' in header ? await withCrit(service.token()) : await service.token(claims, 600, header);
    assert.equal(await outcomeOf(files, token), 'InvalidTokenError');
  });
}

/** Adds an unknown extension to a token. The library signs no such token, so its signature is wrong too; the next test checks the reason. */
async function withCrit(signed: Promise<string>): Promise<string> {
  const [header, claims, signature] = (await signed).split('.');
  return `${base64({ ...JSON.parse(Buffer.from(header!, 'base64url').toString()) as object, crit: ['exp'] })}.${claims}.${signature}`;
}

test('An extension of JWS is the reason why a token with one is refused', async test => {
  const { service, verifier } = await start(test);
  await assert.rejects(verifier().verify(await withCrit(service.token())), /extension of JWS/);
});

test('A token that the published key has not signed is refused', async test => {
  const { service, verifier } = await start(test);
  const files = verifier();
  const good = await service.token();
  const [header, claims, signature] = good.split('.') as [string, string, string];
  const changed = (over: object): string => base64({ ...JSON.parse(Buffer.from(header, 'base64url').toString()) as object, ...over });
  const forged = [
    '', 'a.b.c', 'a.b.c.d.e', '.'.repeat(2000), `${header}.${claims}.`, `${header}.${claims}`, `${good}.`,
    `${header}.${claims}.${signature.slice(0, -4)}${signature.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`,
    `${header}.${base64({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()) as object, sub: 'root' })}.${signature}`,
    `${changed({ alg: 'none' })}.${claims}.`,
    `${changed({ alg: 'ES384' })}.${claims}.${signature}`,
    `${changed({ kid: '../first' })}.${claims}.${signature}`,
    `${changed({ kid: undefined })}.${claims}.${signature}`,
    `${changed({ jwk: service.keys[0] })}.${claims}.${signature}`,
  ];
  const hmac = `${changed({ alg: 'HS256' })}.${claims}`;
  for (const secret of [JSON.stringify(service.keys[0]), service.keys[0]!.x!])
    forged.push(`${hmac}.${createHmac('sha256', secret).update(hmac).digest('base64url')}`);

  assert.equal(await outcomeOf(files, good), 'taken');
  for (const token of forged)
    assert.equal(await outcomeOf(files, token), 'InvalidTokenError', token);
  await assert.rejects(files.verify(undefined as unknown as string), InvalidTokenError);
});

test('A token of another issuer makes for no fetch', async test => {
  const { service, verifier } = await start(test);
  assert.equal(await outcomeOf(verifier(), await service.token({ iss: `${service.address}/` })), 'InvalidTokenError');
  assert.equal(service.calls.length, 0);
});

for (const algorithm of ['ES256', 'ES384', 'RS256', 'PS256'] as const) {
  test(`A key of ${algorithm} is taken with its own algorithm only, and only where it is wanted`, async test => {
    const { service, verifier } = await start(test);
    await service.addKey('other', algorithm);
    const token = await service.token({}, 600, { kid: 'other', alg: algorithm });
    assert.equal(await outcomeOf(verifier(), token), 'taken');
    assert.equal(await outcomeOf(verifier({ algorithms: [algorithm] }), token), 'taken');
    const others = (['ES256', 'ES384', 'RS256', 'PS256'] as const).filter(one => one !== algorithm);
    assert.equal(await outcomeOf(verifier({ algorithms: others }), token), 'InvalidTokenError');
  });
}

test('A key is not taken with another algorithm that it could be used with', async test => {
  const { service, verifier } = await start(test);
  await service.addKey('rsa', 'PS256');
  const token = await service.token({}, 600, { kid: 'rsa', alg: 'PS256' });
  service.keys[1]!.alg = 'RS256';
  assert.equal(await outcomeOf(verifier(), token), 'InvalidTokenError');
});

test('A token ends with its lifetime and the skew that is allowed', async test => {
  const { service, clock, verifier } = await start(test);
  const token = await service.token({}, 60);
  const [usual, exact] = [verifier(), verifier({ clockSkew: 0 })];
  assert.equal(await outcomeOf(exact, token), 'taken');

  clock.advance(61);
  assert.deepEqual([await outcomeOf(exact, token), await outcomeOf(usual, token)], ['InvalidTokenError', 'taken']);
  clock.advance(30);
  assert.equal(await outcomeOf(usual, token), 'InvalidTokenError');
});

test('A token that was narrowed has no role', async test => {
  const { service, verifier } = await start(test);
  const roleOf = async (claims: object): Promise<unknown> => (await verifier().verify(await service.token({ role: 'ADMIN', ...claims }))).role;
  assert.equal(await roleOf({}), 'ADMIN');
  assert.equal(await roleOf({ aud: ['api'] }), 'ADMIN');
  assert.equal(await roleOf({ aud: ['files:write'] }), undefined);
  assert.equal(await roleOf({ extendedBy: '_svc' }), undefined);
  assert.equal(await roleOf({ extendedByChain: ['_svc'] }), undefined);
});
