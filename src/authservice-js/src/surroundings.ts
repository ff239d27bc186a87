/** The parts of the browser that the package uses: the global object, or a test's own. */
export interface Surroundings {
  readonly performance: { now(): number };
  readonly Date: { now(): number };
  readonly location?: { readonly origin: string };
  readonly document?: { cookie: string };
  readonly localStorage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly navigator?: { readonly locks?: Locks; readonly credentials?: Pick<CredentialsContainer, 'create' | 'get'> };
  readonly PublicKeyCredential?: PasskeyFormats;
  readonly indexedDB?: IDBFactory;
  readonly BroadcastChannel?: new (name: string) => Channel;
  fetch(request: Request): Promise<Response>;
  setTimeout(run: () => void, milliseconds: number): unknown;
  addEventListener?(type: string, listener: (event: Event) => void): void;
  removeEventListener?(type: string, listener: (event: Event) => void): void;
}

/** Converts the options of WebAuthn from JSON. Older browsers lack it. */
export interface PasskeyFormats {
  parseRequestOptionsFromJSON(options: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions;
  parseCreationOptionsFromJSON(options: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions;
  isConditionalMediationAvailable?(): Promise<boolean>;
}

/** Web Locks; browsers have them on HTTPS and on localhost. */
export interface Locks {
  /** @param options.signal Ends the wait for the lock; it has no effect once the lock is held. */
  request(name: string, options: { readonly signal: AbortSignal }, work: () => Promise<void>): Promise<unknown>;
}

export interface Channel {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
  /** Only in Node.js. */
  unref?(): void;
}

export const delay = (surroundings: Surroundings, milliseconds: number): Promise<void> =>
  new Promise(resolve => surroundings.setTimeout(resolve, milliseconds));

/** @returns A function that removes the listener. */
export function listenTo(surroundings: Surroundings, type: string, listener: (event: Event) => void): () => void {
  surroundings.addEventListener?.(type, listener);
  return () => surroundings.removeEventListener?.(type, listener);
}
