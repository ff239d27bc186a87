import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient, createVerifier, type VerifierOptions } from '../src/index.js';

const issuer = 'https://auth.example.com';
const revocation = { address: issuer, credential: 'sk_key' };

for (const [named, options] of [
  ['issuer', {}],
  ['issuer', { issuer: '' }],
  ['keysAddress', { issuer: 'cloud.sdu.dk' }],
  ['https', { issuer: 'http://auth.example.com' }],
  ['keysAddress', { issuer, keysAddress: 'ftp://auth.example.com' }],
  ['algorithms', { issuer, algorithms: ['HS512'] }],
  ['algorithms', { issuer, algorithms: [] }],
  ['clockSkew', { issuer, clockSkew: 31 }],
  ['clockSkew', { issuer, clockSkew: NaN }],
  ['keysLifetime', { issuer, keysLifetime: 0 }],
  ['unknownKeyInterval', { issuer, unknownKeyInterval: 0.5 }],
  ['whenStale', { issuer, revocation: { ...revocation, whenStale: 'never' } }],
  ['wait', { issuer, revocation: { ...revocation, wait: 31 } }],
  ['wait', { issuer, revocation: { ...revocation, wait: 1.5 } }],
  ['maxStaleness', { issuer, revocation: { ...revocation, maxStaleness: 10 } }],
  ['credential', { issuer, revocation: { ...revocation, credential: 'eyJ' } }],
  ['credential', { issuer, revocation: { ...revocation, credential: 'rt_files\n' } }],
  ['credential', { issuer, revocation: { address: issuer } }],
  ['address', { issuer, revocation: { credential: 'sk_key' } }],
  ['address', { issuer, revocation: { ...revocation, address: 'http://10.0.0.1' } }],
] as const) {
  test(`${JSON.stringify(options)} is refused, and ${named} is named`, () =>
    assert.throws(() => createVerifier(options as unknown as VerifierOptions), error => error instanceof TypeError && error.message.includes(named)));
}

test('Addresses may be plain HTTP on this machine, or where that is allowed', () => {
  for (const address of ['http://localhost:5000', 'http://127.0.0.1:5000', 'http://[::1]:5000'])
    createVerifier({ issuer: address });
  createVerifier({ issuer: 'http://auth.internal', requireHttps: false });
  createVerifier({ issuer: 'cloud.sdu.dk', keysAddress: 'https://auth.example.com/.well-known/jwks.json' });
});

test('A client needs an address and a credential', () => {
  assert.throws(() => createClient({ address: 'auth', credential: 'sk_key' }), TypeError);
  assert.throws(() => createClient({ address: issuer, credential: '' }), TypeError);
  assert.throws(() => createClient({ address: issuer, credential: 'sk_key', timeout: 0 }), TypeError);
});
