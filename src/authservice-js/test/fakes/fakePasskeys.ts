import { json } from './fakeService.js';

interface KeptPasskey {
  readonly id: string;
  name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  readonly synced: boolean;
}

interface Answer {
  readonly challengeId: string;
  readonly credential: { readonly id: string };
  readonly name?: string;
}

/** The passkeys that the service stores, and its challenges. A challenge accepts one answer. */
export class FakePasskeys {
  readonly #challenges = new Set<string>();
  readonly #kept = new Map<string, KeptPasskey[]>();
  #made = 0;

  of(person: string): KeptPasskey[] {
    if (!this.#kept.has(person))
      this.#kept.set(person, []);
    return this.#kept.get(person)!;
  }

  prompt(options: object): Response {
    const challengeId = `passkey challenge ${++this.#made}`;
    this.#challenges.add(challengeId);
    return json({ challengeId, options });
  }

  /** @returns The owner of the passkey that has answered; undefined when it is unknown or the challenge was used. */
  use({ challengeId, credential }: Answer): string | undefined {
    return this.#challenges.delete(challengeId)
      ? [...this.#kept].find(([, passkeys]) => passkeys.some(passkey => passkey.id === credential.id))?.[0]
      : undefined;
  }

  /** Answers the routes of the Account API. */
  answer(route: string, person: string, body: string): Response {
    const own = this.of(person);
    const id = route.split('/account/passkeys/')[1];
    const found = own.findIndex(passkey => passkey.id === id);
    switch (route) {
      case 'GET /account/passkeys':
        return json(own);
      case 'POST /account/passkeys/options':
        return this.prompt({ user: { name: person }, excludeCredentials: own.map(passkey => passkey.id) });
      case 'POST /account/passkeys':
        return this.add(own, JSON.parse(body) as Answer);
    }
    if (found < 0)
      return json({ message: 'There is no such passkey', status: 'PASSKEY_NOT_FOUND' }, 404);
    if (route.startsWith('PATCH '))
      own[found]!.name = (JSON.parse(body) as { name: string }).name;
    else
      own.splice(found, 1);
    return new Response(null, { status: 204 });
  }

  add(own: KeptPasskey[], { challengeId, credential, name }: Answer): Response {
    if (!this.#challenges.delete(challengeId))
      return json({ message: 'Incorrect passkey', status: 'INCORRECT_PASSKEY' }, 403);
    const added = { id: credential.id, name: name ?? 'Firefox on Linux', createdAt: 1, lastUsedAt: null, synced: false };
    own.push(added);
    return json(added, 201);
  }
}

/** The browser's part of WebAuthn. Its device agrees to every prompt, except when a failure is set. */
export class FakeDevice {
  /** Names of the errors that the next prompts end with. */
  readonly failures: string[] = [];
  /** The options of each prompt. */
  readonly prompts: CredentialRequestOptions[] = [];
  offersAmongNames = true;
  /** Chooses a passkey among the names. */
  choose = (): void => undefined;
  readonly #kept: string[] = [];

  readonly formats = {
    parseRequestOptionsFromJSON: (options: object) => options as PublicKeyCredentialRequestOptions,
    parseCreationOptionsFromJSON: (options: object) => options as PublicKeyCredentialCreationOptions,
    isConditionalMediationAvailable: async () => this.offersAmongNames,
  };

  readonly credentials = {
    create: async ({ publicKey }: CredentialCreationOptions = {}): Promise<Credential | null> => {
      this.#fail();
      if ((publicKey!.excludeCredentials as unknown as string[]).some(id => this.#kept.includes(id)))
        throw new DOMException('', 'InvalidStateError');
      this.#kept.push(`passkey-of-${publicKey!.user.name}`);
      return credentialOf(this.#kept.at(-1)!);
    },
    get: async (options: CredentialRequestOptions = {}): Promise<Credential | null> => {
      this.prompts.push(options);
      this.#fail();
      options.signal?.throwIfAborted();
      if (options.mediation === 'conditional')
        await new Promise<void>((resolve, reject) => {
          this.choose = resolve;
          options.signal?.addEventListener('abort', () => reject(options.signal!.reason));
        });
      return credentialOf(this.#kept.at(-1) ?? 'unknown');
    },
  };

  #fail(): void {
    const name = this.failures.shift();
    if (name !== undefined)
      throw new DOMException('', name);
  }
}

const credentialOf = (id: string): Credential => ({ id, toJSON: () => ({ id }) }) as unknown as Credential;
