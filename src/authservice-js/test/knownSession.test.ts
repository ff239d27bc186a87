import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Grant } from '../src/grant.js';
import { KnownSession } from '../src/knownSession.js';

const grant = (csrfToken: string, remaining = 600, id = 'ann'): Grant =>
  ({ csrfToken, accessToken: `${csrfToken} ${remaining}`, identity: { id }, remaining: () => remaining }) as unknown as Grant;

test('The token that lasts longer is kept, whichever comes last', () => {
  const known = new KnownSession();
  for (const remaining of [500, 600, 400])
    known.granted(grant('a', remaining));
  assert.equal(known.held?.remaining(), 600);
});

test('A token of another session than the current one is passed over', () => {
  const known = new KnownSession();
  known.granted(grant('a'));
  known.granted(grant('b', 900));
  assert.deepEqual([known.current, known.held?.csrfToken], ['a', 'a']);
});

test('A session that was superseded comes back neither by a token nor by a beginning', () => {
  const known = new KnownSession();
  known.granted(grant('a'));
  known.began('b');
  assert.equal(known.held, null);
  known.granted(grant('a'));
  known.began('a');
  assert.deepEqual([known.current, known.held, known.isOver('a')], ['b', null, true]);
});

test('The end of another session ends nothing here', () => {
  const known = new KnownSession();
  known.granted(grant('a'));
  known.ended('b');
  assert.equal(known.current, 'a');
  known.began('b');
  assert.equal(known.current, 'a');
});

test('Only the token that was refused is dropped', () => {
  const known = new KnownSession();
  known.granted(grant('a', 600));
  known.rejected('a 500');
  assert.equal(known.held?.accessToken, 'a 600');
  known.rejected('a 600');
  assert.deepEqual([known.held, known.current], [null, 'a']);
});

test('Listeners hear who it is once, and again when something about them changes', async () => {
  const known = new KnownSession();
  const heard: unknown[] = [];
  known.listen(identity => heard.push(identity?.id ?? null));
  known.granted(grant('a', 500));
  known.granted(grant('a', 600));
  known.granted(grant('a', 700, 'Ann'));
  known.ended('a');
  known.foundNobody();
  await Promise.resolve();
  assert.deepEqual(heard, ['ann', 'Ann', null]);
});
