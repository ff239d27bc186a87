import { AuthService, type AuthServiceOptions, type Identity } from '../../src/index.js';
import type { Channel, Locks, Surroundings } from '../../src/surroundings.js';
import { createFakeIndexedDb } from './fakeIndexedDb.js';
import { FakeDevice } from './fakePasskeys.js';
import { FakeService } from './fakeService.js';
import { World } from './world.js';

export const serviceUrl = 'https://auth.example';
export const pageOrigin = 'https://shop.example';

/** The abilities and delays of a browser. Delays are milliseconds. */
export interface Abilities {
  readonly locks?: boolean;
  readonly indexedDb?: boolean;
  readonly channel?: boolean | 'forbidden';
  readonly storage?: boolean | 'forbidden';
  readonly passkeys?: boolean;
  readonly messageDelay?: () => number;
  readonly networkDelay?: () => number;
}

/** A tab with this package running in it. */
export interface Tab {
  readonly auth: AuthService;
  /** The calls of the listener of onChange. */
  readonly news: (string | null)[];
  /** How far the wall clock of this tab's computer was set forward, and how far its monotonic clock differs. */
  wallShift: number;
  monotonicShift: number;
  dispatch(type: string, event: object): void;
}

/** One browser: a cookie jar and the things that its tabs share. */
export class FakeBrowser {
  readonly world: World;
  readonly service: FakeService;
  readonly device = new FakeDevice();
  readonly storage = new Map<string, string>();
  refreshToken: string | undefined;
  authState = '';
  /** The cookie of that name that a neighbouring host has set for a longer path. It comes first, and the page cannot delete it. */
  plantedAuthState = '';
  readonly #abilities: Abilities;
  readonly #channels = new Map<string, Set<Channel>>();
  readonly #waiting = new Map<string, Promise<unknown>>();
  readonly #views: { readonly view: Map<string, string>; readonly tab: Tab }[] = [];
  readonly #indexedDb = createFakeIndexedDb();

  constructor(abilities: Abilities = {}, world = new World()) {
    this.#abilities = { locks: true, channel: true, storage: true, passkeys: true, messageDelay: () => 5, networkDelay: () => 10, ...abilities };
    this.world = world;
    this.service = new FakeService(world);
  }

  openTab(options: Pick<AuthServiceOptions, 'apiOrigins' | 'askForProof'> = {}): Tab {
    const listeners = new Map<string, Set<(event: Event) => void>>();
    const tab = {
      news: [] as (string | null)[],
      wallShift: 0,
      monotonicShift: 0,
      dispatch: (type: string, event: object) => listeners.get(type)?.forEach(listener => listener(event as Event)),
    } as unknown as Tab & { auth: AuthService };
    tab.auth = new AuthService({ url: `${serviceUrl}/`, service: 'web', ...options }, this.#surround(tab, listeners));
    tab.auth.onChange((identity: Identity | null) => tab.news.push(identity?.id ?? null));
    return tab;
  }

  #surround(tab: Tab, listeners: Map<string, Set<(event: Event) => void>>): Surroundings {
    const { world } = this;
    const opened = world.now;
    const browser = this;
    return {
      location: { origin: pageOrigin },
      performance: { now: () => world.now - opened + tab.monotonicShift },
      Date: { now: () => world.wall() + tab.wallShift },
      setTimeout: (run, milliseconds) => world.setTimeout(run, milliseconds),
      fetch: request => this.#send(request),
      document: {
        get cookie() {
          return ['other=1', ...[browser.plantedAuthState, browser.authState].filter(Boolean).map(state => `authState=${state}`)].join('; ');
        },
        set cookie(text: string) { browser.authState = /^authState=;.*Max-Age=0/.test(text) ? '' : browser.authState; },
      },
      addEventListener: (type, listener) => void listeners.set(type, (listeners.get(type) ?? new Set()).add(listener)),
      removeEventListener: (type, listener) => void listeners.get(type)?.delete(listener),
      ...(this.#abilities.storage === true && { localStorage: this.#openStorage(tab) }),
      ...(this.#abilities.storage === 'forbidden' && { localStorage: forbiddenStorage }),
      ...(this.#abilities.channel === true && { BroadcastChannel: this.#channelType() }),
      ...(this.#abilities.channel === 'forbidden' && { BroadcastChannel: ForbiddenChannel }),
      navigator: { ...(this.#abilities.locks && { locks: this.#locks }), credentials: this.device.credentials },
      ...(this.#abilities.passkeys && { PublicKeyCredential: this.device.formats }),
      ...(this.#abilities.indexedDb && { indexedDB: this.#indexedDb }),
    };
  }

  async #send(request: Request): Promise<Response> {
    const usesCookie = /login|challenge|\/web$/.test(request.url);
    if (usesCookie)
      this.service.enter();
    try {
      await this.world.delay(this.#abilities.networkDelay!());
      const set: { value: string | undefined }[] = [];
      const response = await this.service.answer(request, this.refreshToken, value => set.push({ value }));
      await this.world.delay(this.#abilities.networkDelay!());
      for (const { value } of set) // a cookie comes with the answer
        this.refreshToken = value;
      return response;
    } finally {
      if (usesCookie)
        this.service.leave();
    }
  }

  readonly #locks: Locks = {
    request: (name, _, work) => {
      const turn = (this.#waiting.get(name) ?? Promise.resolve()).then(() => this.world.delay(1)).then(work);
      this.#waiting.set(name, turn);
      return turn;
    },
  };

  #channelType(): NonNullable<Surroundings['BroadcastChannel']> {
    const { world } = this;
    const channels = this.#channels;
    const messageDelay = this.#abilities.messageDelay!;
    return class implements Channel {
      onmessage: Channel['onmessage'] = null;
      #name: string;

      constructor(name: string) {
        this.#name = name;
        channels.set(name, (channels.get(name) ?? new Set<Channel>()).add(this));
      }

      postMessage(message: unknown): void {
        const data = structuredClone(message);
        for (const other of channels.get(this.#name)!) {
          if (other !== this)
            world.setTimeout(() => channels.get(this.#name)!.has(other) && other.onmessage?.({ data } as MessageEvent), messageDelay());
        }
      }

      close(): void {
        channels.get(this.#name)!.delete(this);
      }
    };
  }

  /** Each tab sees its own writes at once and those of the others late, as in a browser with a process for each tab. */
  #openStorage(tab: Tab): NonNullable<Surroundings['localStorage']> {
    const view = new Map(this.storage);
    this.#views.push({ view, tab });
    const write = (key: string, newValue: string | null): void => {
      const oldValue = view.get(key) ?? null;
      put(view, key, newValue);
      put(this.storage, key, newValue);
      for (const other of this.#views.filter(each => each.tab !== tab)) {
        this.world.setTimeout(() => {
          put(other.view, key, newValue);
          other.tab.dispatch('storage', { key, oldValue, newValue });
        }, this.#abilities.messageDelay!());
      }
    };
    return { getItem: key => view.get(key) ?? null, setItem: write, removeItem: key => write(key, null) };
  }
}

const forbid = (): never => {
  throw new Error('SecurityError');
};
class ForbiddenChannel implements Channel {
  onmessage = null;
  readonly postMessage = forbid;
  readonly close = forbid;

  constructor() {
    forbid();
  }
}

const forbiddenStorage = { getItem: forbid, setItem: forbid, removeItem: forbid };

function put(map: Map<string, string>, key: string, value: string | null): void {
  if (value === null)
    map.delete(key);
  else
    map.set(key, value);
}
