import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLease, leaseLength } from '../src/lease.js';
import { chooseLock } from '../src/lock.js';
import type { Locks, Surroundings } from '../src/surroundings.js';
import { createFakeIndexedDb } from './fakes/fakeIndexedDb.js';
import { World } from './fakes/world.js';

const name = 'a lock';

function surround(world: World, parts: Partial<Surroundings> = {}): Surroundings {
  return {
    performance: { now: () => world.now },
    Date: { now: () => world.wall() },
    setTimeout: (run, milliseconds) => world.setTimeout(run, milliseconds),
    fetch: () => Promise.reject(new Error('not here')),
    ...parts,
  };
}

function leaseHeldBy(holder: { owner: string; until: number } | null, world: World): { rows: Map<string, unknown>; take: () => Promise<() => void> } {
  const rows = new Map<string, unknown>(holder ? [[name, holder]] : []);
  return { rows, take: createLease(name, createFakeIndexedDb(rows), surround(world)) };
}

test('A lease is waited for until it ends, also when its tab is gone', async () => {
  const world = new World();
  const { take } = leaseHeldBy({ owner: 'a tab that crashed', until: world.wall() + 3000 }, world);
  await world.until(take());
  assert.ok(world.now >= 3000 && world.now <= 3050, `${world.now}`);
});

test('A lease is waited for until it is given back', async () => {
  const world = new World();
  const { take } = leaseHeldBy(null, world);
  const giveBack = await world.until(take());
  const second = take();
  await world.pass(1000);
  giveBack();
  await world.until(second);
  assert.ok(world.now >= 1000 && world.now <= 1050, `${world.now}`);
});

test('A lease of a time that was set back does not hold for ever', async () => {
  const world = new World();
  const { take } = leaseHeldBy({ owner: 'a tab that crashed', until: world.wall() + leaseLength + 3600_000 }, world);
  await world.until(take());
  assert.equal(world.now, 0);
});

test('Who gives a lease back late does not give back another\'s', async () => {
  const world = new World();
  const { rows, take } = leaseHeldBy(null, world);
  const giveBackLate = await world.until(take());
  await world.pass(leaseLength);
  await world.until(take());
  const held = rows.get(name);
  giveBackLate();
  await world.rest();
  assert.deepEqual(rows.get(name), held);
});

const failing: Record<string, IDBFactory> = {
  'cannot be opened': { open: () => refuse('onerror', { error: new Error('denied') }) } as unknown as IDBFactory,
  'may not be opened': { open: () => { throw new Error('SecurityError'); } } as unknown as IDBFactory,
  'aborts its transactions': {
    open: () => refuse('onsuccess', { result: { transaction: () => refuse('onabort', { error: null, objectStore: () => ({ get: () => ({}) }) }) } }),
  } as unknown as IDBFactory,
};

for (const [how, indexedDB] of Object.entries(failing)) {
  test(`Where the database ${how} the work is done without a lease`, async () => {
    const world = new World();
    const exclusively = chooseLock(name, surround(world, { indexedDB }));
    assert.equal(await world.until(exclusively(async () => 'done')), 'done');
    await world.rest();
  });
}

function refuse(handler: string, object: object): object {
  setImmediate(() => (object as Record<string, () => void>)[handler]!());
  return object;
}

test('Work that fails fails for its caller, and the next one has its turn', async () => {
  const world = new World();
  const indexedDB = createFakeIndexedDb();
  const locks: Locks = { request: (_, __, work) => work() };
  for (const parts of [{ indexedDB }, { navigator: { locks } }]) {
    const exclusively = chooseLock(name, surround(world, parts));
    await assert.rejects(world.until(exclusively(() => Promise.reject(new Error('broken')))), /broken/);
    assert.equal(await world.until(exclusively(async () => 'done')), 'done');
  }
});

test('A page that is refused its locks works without', async () => {
  const world = new World();
  const locks: Locks = { request: () => Promise.reject(new Error('SecurityError')) };
  const exclusively = chooseLock(name, surround(world, { navigator: { locks } }));
  assert.equal(await exclusively(async () => 'done'), 'done');
  await assert.rejects(exclusively(() => Promise.reject(new Error('broken'))), /broken/);
});

test('A lock that is lost during the work does not repeat the work', async () => {
  const world = new World();
  const locks: Locks = { request: async (_, __, work) => { await work(); throw new Error('AbortError'); } };
  let times = 0;
  await world.until(chooseLock(name, surround(world, { navigator: { locks } }))(async () => times++));
  await world.rest();
  assert.equal(times, 1);
});

/** Never calls back, like a lock that a page in the back/forward cache holds, until its signal is aborted. */
const heldElsewhere: Locks = {
  request: (_, { signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
};

test('A lock that another page never gives back is waited for as long as a lease lasts, and the work is done without it', async test => {
  const patience = new AbortController();
  const timeout = test.mock.method(AbortSignal, 'timeout', (_: number) => patience.signal);
  let done = 0;
  const exclusively = chooseLock(name, surround(new World(), { navigator: { locks: heldElsewhere } }));
  const call = exclusively(async () => ++done);
  await new Promise(resolve => setImmediate(resolve));
  assert.deepEqual([done, timeout.mock.calls.map(({ arguments: [milliseconds] }) => milliseconds)], [0, [leaseLength]]);

  patience.abort(new DOMException('', 'TimeoutError'));

  assert.equal(await call, 1);
});

test('A page that is hidden gives its lock back at once, and leaves no listener behind', async () => {
  const world = new World();
  const listeners = new Set<(event: Event) => void>();
  const held: Promise<void>[] = [];
  const locks: Locks = {
    request: (_, __, work) => {
      held.push(work());
      return held[0]!;
    },
  };
  const exclusively = chooseLock(name, surround(world, {
    navigator: { locks },
    addEventListener: (type, listener) => void (type === 'pagehide' && listeners.add(listener)),
    removeEventListener: (_, listener) => void listeners.delete(listener),
  }));
  await exclusively(async () => 'done');
  assert.equal(listeners.size, 1);

  listeners.forEach(listener => listener(new Event('pagehide')));

  await held[0];
  assert.deepEqual([world.now, listeners.size], [0, 0]);
});
