import type { Grant, Tokens } from './grant.js';
import type { Channel, Surroundings } from './surroundings.js';
import type { Stopwatch } from './stopwatch.js';

export interface Granted extends Tokens {
  readonly kind: 'granted';
  /** True for a sign-in, false for a refresh. */
  readonly begins: boolean;
  /** Milliseconds since the token was asked for, when the message was sent. */
  readonly age: number;
  /** Milliseconds since 1970. A frozen tab reads its messages late. */
  readonly sentAt: number;
}

export interface Ended {
  readonly kind: 'ended';
  readonly csrfToken: string;
}

export type Message = Granted | Ended;

export type Tabs = ReturnType<typeof createTabs>;

/** Tells the other tabs of this origin. Without a channel the tabs follow only the CSRF token in localStorage. */
export function createTabs(name: string, surroundings: Surroundings, stopwatch: Stopwatch, listener: (message: Message) => void) {
  let channel = openChannel(name, surroundings);
  if (channel)
    channel.onmessage = event => listener(event.data as Message);
  const post = (message: Message): void => channel?.postMessage(message);

  return {
    tellGranted({ accessToken, csrfToken, age }: Grant, begins: boolean): void {
      post({ kind: 'granted', begins, accessToken, csrfToken, age: age(), sentAt: stopwatch.wall() });
    },

    tellEnded: (csrfToken: string) => post({ kind: 'ended', csrfToken }),

    close(): void {
      channel?.close();
      channel = null;
    },
  };
}

/** @returns Null when the browser has no BroadcastChannel, or refuses one because the person has forbidden this page to store data. */
function openChannel(name: string, { BroadcastChannel }: Surroundings): Channel | null {
  try {
    const channel = new BroadcastChannel!(name);
    channel.unref?.(); // in Node.js an open channel keeps the process from ending
    return channel;
  } catch {
    return null;
  }
}
