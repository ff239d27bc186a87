import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Claims } from '../src/index.js';
import { RevocationSet } from '../src/revocationSet.js';

const until = 2000;
const claims = (over: object): Claims => ({ iss: 'i', sub: 'ada', aud: [], iat: 1000, exp: 1600, extendedByChain: [], ...over });

/** Makes a fingerprint as src/AuthService/Tokens/TokenFingerprint.cs does. */
function fingerprintOf(token: string): string {
  const signatureAt = token.lastIndexOf('.') + 1;
  const signature = Buffer.from(token.slice(signatureAt), 'base64url');
  const bytes = Buffer.concat([Buffer.from(token.slice(0, signatureAt)), signature.subarray(0, signature.length / 2)]);
  return createHash('sha256').update(bytes).digest('base64url');
}

const token = `eyJ.eyJ.${Buffer.alloc(64, 7).toString('base64url')}`;

for (const [entry, refused, taken] of [
  [{ sid: 'a', until }, [{ sid: 'a' }, { sid: 'A' }, { sid: 'a', sub: 'eve', iat: 9999 }], [{ sid: 'b' }, {}]],
  [
    { sid: 'a', sub: 'ada', before: 1000.5, until },
    [{ sid: 'a' }, { sid: 'a', iat: 1000 }],
    [{ sid: 'a', iat: 1001 }, { sid: 'a', sub: 'eve' }, { sid: 'b' }, {}],
  ],
  [
    { sub: 'ada', before: 1000.5, securityStamp: 3, until },
    [{}, { securityStamp: 2 }, { securityStamp: 2, iat: 9999 }],
    [{ securityStamp: 3 }, { securityStamp: 3, iat: 1 }, { iat: 1001 }, { sub: 'eve' }, { sid: 'a' }, { sid: 'a', securityStamp: 2 }],
  ],
  [{ apiKeyId: 'k', until }, [{ apiKeyId: 'k' }, { apiKeyId: 'K', sid: 'a' }], [{ apiKeyId: 'l' }, {}]],
  [
    { extendedBy: '_svc', before: 1000.5, until },
    [{ extendedByChain: ['_svc'] }, { sid: 'a', extendedByChain: ['_other', '_svc'], iat: 1000 }],
    [{ extendedByChain: ['_svc'], iat: 1001 }, { extendedByChain: ['_other'] }, { sub: '_svc' }, {}],
  ],
  [
    { tokenHash: fingerprintOf(token), until },
    [{}, { sid: 'a', jti: 'j' }, { sid: 'a', extendedByChain: ['_svc'] }],
    [{ sid: 'a' }], // it is revoked with its session, so that it is not hashed
  ],
] as const) {
  test(`${JSON.stringify(entry)} refuses what it names, and nothing else`, () => {
    const set = new RevocationSet();
    assert.equal(set.add(entry), true);
    for (const over of refused)
      assert.equal(set.refuses(claims(over), token), true, JSON.stringify(over));
    for (const over of taken)
      assert.equal(set.refuses(claims(over), token), false, JSON.stringify(over));
    set.forget(until);
    assert.equal(set.size, 1);
    set.forget(until + 1);
    assert.deepEqual([set.size, set.refuses(claims(refused[0]), token)], [0, false]);
  });
}

test('A token is told apart by what is signed and by the first half of its signature', () => {
  const set = new RevocationSet();
  set.add({ tokenHash: fingerprintOf(token), until });
  const of = (signature: Buffer): string => `eyJ.eyJ.${signature.toString('base64url')}`;
  assert.equal(set.refuses(claims({}), of(Buffer.concat([Buffer.alloc(32, 7), randomBytes(32)]))), true); // the same token with the signature (r, n - s)
  assert.equal(set.refuses(claims({}), of(Buffer.concat([randomBytes(32), Buffer.alloc(32, 7)]))), false);
  assert.equal(set.refuses(claims({}), token.replace('eyJ.', 'eyK.')), false);
});

test('Of several that name the same the widest is kept', () => {
  const set = new RevocationSet();
  for (const [before, end] of [[500, 3000], [1200, 2500], [800, 2600]] as const) {
    set.add({ sid: 'a', sub: 'ada', before, until: end });
    set.add({ sub: 'ada', before, securityStamp: before, until: end });
    set.add({ sid: 'b', until: end });
  }
  assert.equal(set.size, 3);
  set.forget(2999);
  assert.equal(set.refuses(claims({ sid: 'a', iat: 1199 }), token), true);
  assert.equal(set.refuses(claims({ securityStamp: 1199 }), token), true);
  assert.equal(set.refuses(claims({ sid: 'b' }), token), true);
});

for (const entry of [
  {}, null, 'a', { sid: 'a' }, { sid: 'a', until: '2000' }, { until }, { sid: 7, until }, { sub: 'ada', until }, { sid: 'a', sub: 'ada', until },
  { tokenHash: 'short', until }, { sid: 'a', apiKeyId: 'k', until }, { clientId: 'c', until },
  { extendedBy: '_svc', until }, { extendedBy: '_svc', sid: 'a', before: 1, until },
])
  test(`${JSON.stringify(entry)} is of no kind that is known`, () => assert.equal(new RevocationSet().add(entry), false));

test('Members that are not known are passed over', () => {
  const set = new RevocationSet();
  assert.equal(set.add({ sid: 'a', until, reason: 'SIGNED_OUT' }), true);
  assert.equal(set.refuses(claims({ sid: 'a' }), token), true);
});

test('A revocation takes about 100 bytes', { skip: globalThis.gc === undefined && 'runs with --expose-gc' }, () => {
  const count = 200_000;
  const set = new RevocationSet();
  globalThis.gc!();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < count; i++)
    set.add(JSON.parse(`{"sid":"${randomUUID()}","until":1764362400.123}`));
  globalThis.gc!();
  const bytes = (process.memoryUsage().heapUsed - before) / count;
  assert.equal(set.size, count);
  assert.ok(bytes < 130, `${bytes}`);
});
