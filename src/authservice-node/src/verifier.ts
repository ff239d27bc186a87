import { AccessTokens } from './accessTokens.js';
import type { Claims } from './claims.js';
import { ServiceClient, type Client } from './client.js';
import { InvalidTokenError, NotClaimedError, RevokedTokenError, StaleKnowledgeError } from './errors.js';
import { PublishedKeys } from './publishedKeys.js';
import { RevocationKnowledge } from './revocationKnowledge.js';
import { RevocationReader } from './revocationReader.js';
import { node, type Log, type Surroundings } from './surroundings.js';
import { TokenQuestions } from './tokenQuestions.js';
import { checkOptions, type CheckedRevocation, type VerifierOptions } from './verifierOptions.js';

/** Checks access tokens by the public keys and, if `revocation` is set, by the feed of revocations. */
export interface Verifier {
  /**
   * Checks a token and, as the last step, claims it if it is a one-time token.
   * @throws {InvalidTokenError} The token is not valid (401).
   * @throws {RevokedTokenError} The token was revoked (401).
   * @throws {UncheckedTokenError} The token cannot be checked at this moment (503): a `KeysUnavailableError`, `StaleKnowledgeError` or `NotClaimedError`.
   */
  verify(token: string): Promise<Claims>;
  /**
   * Resolves after the first complete answer of the feed, and keeps the process from ending until then. Without `revocation` it resolves at once. It rejects
   * when the verifier is closed.
   */
  ready(): Promise<void>;
  /** Returns the age of the knowledge of revocations in seconds. It is infinite before the first complete answer, and without `revocation`. */
  staleness(): number;
  status(): RevocationStatus;
  /** Stops reading the feed, so that the process can end. */
  close(): void;
}

export interface RevocationStatus {
  /** The result of `staleness()`. */
  readonly staleness: number;
  /** Whether the staleness is more than `maxStaleness`. */
  readonly isStale: boolean;
  /** The number of known revocations. */
  readonly entries: number;
  /** The number of revocations of a kind that this version of the package does not know, and ignores. */
  readonly unknownEntries: number;
}

/** @throws {TypeError} An option is missing or wrong. */
export function createVerifier(options: VerifierOptions): Verifier {
  return new TokenVerifier(options, node);
}

export class TokenVerifier implements Verifier {
  private readonly tokens: AccessTokens;
  private readonly client: Client | null;
  private readonly revocations: Revocations | null = null;
  private readonly log: Log;

  constructor(options: VerifierOptions, surroundings: Surroundings) {
    const { revocation, ...checked } = checkOptions(options);
    this.log = safely(options.log ?? toConsole);
    const keys = new PublishedKeys({ ...checked, address: checked.keysAddress, lifetime: checked.keysLifetime }, this.log, surroundings);
    this.tokens = new AccessTokens(keys, checked, surroundings);
    const service = revocation === null ? null : new ServiceClient(revocation.client, surroundings);
    this.client = options.client ?? service;
    if (revocation !== null && service !== null)
      this.revocations = new Revocations(service, revocation, this.log, surroundings);
  }

  async verify(token: string): Promise<Claims> {
    const claims = await this.tokens.check(token);
    await this.revocations?.check(claims, token);
    if (claims.jti !== undefined)
      await this.claim(claims.jti);
    return claims;
  }

  async ready(): Promise<void> {
    await this.revocations?.reader.ready();
  }

  staleness(): number {
    return this.revocations?.knowledge.age ?? Infinity;
  }

  status(): RevocationStatus {
    return {
      staleness: this.staleness(),
      isStale: this.revocations?.isStale ?? true,
      entries: this.revocations?.knowledge.size ?? 0,
      unknownEntries: this.revocations?.reader.unknownEntries ?? 0,
    };
  }

  close(): void {
    this.revocations?.reader.close();
  }

  /** Claims the token as the last step, so that a token that is refused for another reason is not used up. */
  private async claim(jti: string): Promise<void> {
    if (this.client === null) {
      this.log('warn', 'A one-time token was refused because the verifier has no client');
      throw new InvalidTokenError('One-time tokens are not taken here');
    }
    let isFirst: boolean;
    try {
      isFirst = await this.client.claim(jti);
    }
    catch (error) {
      this.log('error', 'A one-time token could not be claimed; it was answered 503', error);
      throw new NotClaimedError('The one-time token could not be claimed', { cause: error });
    }
    if (!isFirst)
      throw new InvalidTokenError('The one-time token has been used before');
  }
}

function toConsole(...[level, message, error]: Parameters<Log>): void {
  console[level](...error === undefined ? [message] : [message, error]);
}

/** Catches the errors of a log, which must not stop the reading of the feed. */
function safely(log: Log): Log {
  return (...event) => {
    try {
      log(...event);
    }
    catch {
      // The log is the only place for this error.
    }
  };
}

/** Checks whether an otherwise valid token was revoked. */
class Revocations {
  readonly knowledge: RevocationKnowledge;
  readonly reader: RevocationReader;
  private readonly questions: TokenQuestions;

  constructor(client: ServiceClient, private readonly options: CheckedRevocation, private readonly log: Log, surroundings: Surroundings) {
    this.knowledge = new RevocationKnowledge(surroundings);
    this.reader = new RevocationReader(client, this.knowledge, options.wait, log, surroundings);
    this.questions = new TokenQuestions(client, surroundings);
    void this.reader.run();
  }

  get isStale(): boolean {
    return !(this.knowledge.age <= this.options.maxStaleness);
  }

  /** Checks a token by the knowledge in memory, and asks AuthService only when that is too old. */
  async check(claims: Claims, token: string): Promise<void> {
    if (this.knowledge.refuses(claims, token))
      throw new RevokedTokenError();
    if (!this.isStale || this.options.whenStale === 'allow')
      return;
    if (this.options.whenStale === 'refuse')
      throw new StaleKnowledgeError('What is known of revocations is too old');
    let isActive: boolean;
    try {
      isActive = await this.questions.isActive(token);
    }
    catch (error) {
      this.log('error', 'A token could not be asked about while the knowledge of revocations is too old; it was answered 503', error);
      throw new StaleKnowledgeError('What is known of revocations is too old, and AuthService could not be asked', { cause: error });
    }
    if (!isActive)
      throw new RevokedTokenError();
  }
}
