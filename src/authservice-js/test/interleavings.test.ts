import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignedOutError, UnavailableError } from '../src/index.js';
import { FakeBrowser, pageOrigin, type Abilities, type Tab } from './fakes/fakeBrowser.js';
import { World } from './fakes/world.js';

const runs = 150;
const steps = 25;
const minute = 60_000;

const browsers: Record<string, Abilities> = {
  'Web Locks': {},
  'IndexedDB in their place': { locks: false, indexedDb: true },
  'no BroadcastChannel': { channel: false },
};

/** Tabs that do random things at random moments over slow connections, and the rules that must always hold. */
class Scene {
  readonly browser: FakeBrowser;
  readonly tabs: Tab[];
  readonly #world: World;
  readonly #doings: Promise<void>[] = [];

  constructor(seed: number, abilities: Abilities) {
    this.#world = new World(seed);
    const upTo = (most: number) => () => 1 + this.#world.chance(most);
    this.browser = new FakeBrowser({ ...abilities, messageDelay: upTo(150), networkDelay: upTo(400) }, this.#world);
    this.browser.service.skew = (this.#world.chance(7) - 3) * 40 * minute;
    this.tabs = Array.from({ length: 2 + this.#world.chance(3) }, () => this.browser.openTab());
  }

  async play(): Promise<void> {
    for (let step = 0; step < steps; step++) {
      this.#doings.push(this.#doSomething(this.tabs[this.#world.chance(this.tabs.length)]!));
      const pauses = [0, 5, 50, 300, minute, 9.5 * minute, 11 * minute];
      await this.#world.pass(pauses[this.#world.chance(pauses.length)]!);
    }
    await this.#world.until(Promise.all(this.#doings));
    await this.#world.rest();
  }

  /** Returns the state of each tab in the end, when the service answers again. */
  async believe(): Promise<(string | null)[]> {
    this.browser.service.instead.length = 0;
    await this.#world.pass(11 * minute);
    const identities = this.tabs.map(tab => tab.auth.getIdentity());
    return (await this.#world.until(Promise.all(identities))).map(identity => identity && identity.sessionId);
  }

  async #doSomething(tab: Tab): Promise<void> {
    try {
      switch (this.#world.chance(12)) {
        case 0:
          await tab.auth.signIn(`person ${this.#world.chance(3)}`, 'right');
          break;
        case 1:
          await tab.auth.signOut();
          break;
        case 2:
          if (this.#world.chance(2) === 0)
            this.browser.service.endAll();
          break;
        case 3:
          this.browser.service.instead.push(new TypeError('Failed to fetch'));
          break;
        case 4:
        case 5:
          assert.notEqual((await tab.auth.fetch(`${pageOrigin}/orders`)).status, 500);
          break;
        default:
          assert.ok(this.browser.service.isUnexpired(await tab.auth.getAccessToken()), 'a token that has expired was given');
      }
    } catch (error) {
      if (!(error instanceof SignedOutError || error instanceof UnavailableError || (error as Error).message === 'Failed to fetch'))
        throw error;
    }
  }
}

for (const [kind, abilities] of Object.entries(browsers)) {
  test(`Whatever ${runs} sets of tabs do, with ${kind}, they never call at once and agree in the end`, async () => {
    for (let seed = 1; seed <= runs; seed++) {
      const scene = new Scene(seed, abilities);
      await scene.play();

      const believed = await scene.believe();
      const session = scene.browser.service.find(scene.browser.refreshToken);

      assert.deepEqual(believed, scene.tabs.map(() => session?.id ?? null), `seed ${seed}`);
      assert.equal(scene.browser.service.mostAtOnce <= 1, true, `seed ${seed}`);
    }
  });
}

test(`Of ${runs} sets of tabs whose token expires at once each refreshes once`, async () => {
  for (let seed = 1; seed <= runs; seed++) {
    const { browser, tabs } = new Scene(seed, seed % 2 === 0 ? {} : { locks: false, indexedDb: true });
    const { world } = browser;
    await world.until(tabs[0]!.auth.signIn('ann', 'right'));
    await world.rest();
    await world.pass(9.5 * minute + world.chance(minute));
    const earlier = browser.service.refreshes;

    const tokens = tabs.map(async tab => {
      await world.delay(world.chance(600));
      return tab.auth.getAccessToken();
    });

    assert.ok((await world.until(Promise.all(tokens))).every(token => browser.service.accepts(token)), `seed ${seed}`);
    await world.rest();
    assert.equal(browser.service.refreshes - earlier, 1, `seed ${seed}`);
  }
});
