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

/** Checks access tokens, by the public keys alone and, where `revocation` is set, by what the feed has said. */
export interface Verifier {
  /**
   * Checks a token and, as the last step, claims it if it is a one-time token.
   * @throws {InvalidTokenError} It does not hold (401).
   * @throws {RevokedTokenError} It was revoked (401).
   * @throws {UncheckedTokenError} It cannot be told at this moment (503): a `KeysUnavailableError`, `StaleKnowledgeError` or `NotClaimedError`.
   */
  verify(token: string): Promise<Claims>;
  /**
   * Resolves once everything is known that has been revoked, and keeps the process from ending until then; at once without `revocation`. Rejects when the
   * verifier is closed.
   */
  ready(): Promise<void>;
  /** How old the knowledge of revocations is, in seconds: infinite before the first complete answer, and without `revocation`. */
  staleness(): number;
  status(): RevocationStatus;
  /** Reads the feed no more, so that the process can end. */
  close(): void;
}

export interface RevocationStatus {
  /** As `staleness()`. */
  readonly staleness: number;
  /** Whether that is more than `maxStaleness`. */
  readonly isStale: boolean;
  /** How many revocations are remembered. */
  readonly entries: number;
  /** How many have come that this version of the package does not know, and does not heed. */
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

  /** The last step: a token that is refused for another reason is not used up. */
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

/** A log that throws must not end the reading of the feed. */
function safely(log: Log): Log {
  return (...event) => {
    try {
      log(...event);
    }
    catch {
      // There is nobody left to tell.
    }
  };
}

/** Whether a token that is right otherwise was revoked. */
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

  /** Most tokens are answered from memory. */
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
