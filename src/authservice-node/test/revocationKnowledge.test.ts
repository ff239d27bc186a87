import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RevocationKnowledge } from '../src/revocationKnowledge.js';
import { TestClock } from './fakes/testClock.js';

test('A wall clock that is set forward while AuthService is away makes no revocation forgotten', () => {
  const clock = new TestClock();
  clock.hold();
  const knowledge = new RevocationKnowledge(clock);
  const now = clock.now() / 1000;
  knowledge.take({ cursor: 'a1', now, revoked: [{ sid: 'one', until: now + 600 }] });

  clock.setWallForward(3600);
  knowledge.forget();
  assert.equal(knowledge.size, 1);

  clock.advance(640);
  knowledge.forget();
  assert.equal(knowledge.size, 0);
});
