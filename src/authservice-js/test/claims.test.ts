import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readClaims } from '../src/claims.js';

const tokenOf = (claims: object): string => `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

test('A person is read with all that is known of them', () => {
  const claims = {
    sub: 'zoë', role: 'ADMIN', sid: 's1', aud: ['files:read', 'cart:write'], firstNames: 'Zoë 🦊', lastName: 'Ünal?>', email: 'z@example.com',
    act: { sub: 'admin' }, iat: 1000, exp: 1600,
  };
  assert.deepEqual(readClaims(tokenOf(claims)), {
    identity: {
      id: 'zoë', role: 'ADMIN', sessionId: 's1', scopes: ['files:read', 'cart:write'], firstNames: 'Zoë 🦊', lastName: 'Ünal?>', email: 'z@example.com',
      actor: 'admin',
    },
    lifetime: 600_000,
  });
});

test('What a token does not say is null', () => {
  assert.deepEqual(readClaims(tokenOf({})), {
    identity: { id: '', role: '', sessionId: null, scopes: [], firstNames: null, lastName: null, email: null, actor: null },
    lifetime: 0,
  });
});

test('What is no token at all is an error', () => {
  for (const text of ['', 'abc', 'a.b.c', 'a.!!.c'])
    assert.throws(() => readClaims(text), text);
});
