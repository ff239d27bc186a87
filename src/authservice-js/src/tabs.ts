import type { Grant, Tokens } from './grant.js';
import type { Surroundings } from './surroundings.js';
import type { Stopwatch } from './stopwatch.js';

export interface Granted extends Tokens {
  readonly kind: 'granted';
  /** True for a sign-in, false for a refresh. */
  readonly begins: boolean;
  /** Milliseconds since the token was asked for, when the message was sent. */
  readonly age: number;
  /** A frozen tab reads its messages late. */
  readonly sentAt: number;
}

export interface Ended {
  readonly kind: 'ended';
  readonly csrfToken: string;
}

export type Message = Granted | Ended;

export type Tabs = ReturnType<typeof createTabs>;

/** Tells the other tabs of this origin. Where there is no BroadcastChannel they only see what the kept CSRF token tells. */
export function createTabs(name: string, { BroadcastChannel }: Surroundings, stopwatch: Stopwatch, listener: (message: Message) => void) {
  let channel = BroadcastChannel ? new BroadcastChannel(name) : null;
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
