import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { TokenVerifier } from '../../src/verifier.js';
import type { RevocationOptions, VerifierOptions } from '../../src/verifierOptions.js';
import { FakeAuthService } from './fakeAuthService.js';
import { TestClock } from './testClock.js';

export interface Scene {
  readonly service: FakeAuthService;
  readonly clock: TestClock;
  readonly log: string[];
  /** Makes a verifier that is closed with the test. */
  verifier(options?: Partial<VerifierOptions>): TokenVerifier;
  /** Makes a verifier that reads the feed. */
  reader(revocation?: Partial<RevocationOptions>, options?: Partial<VerifierOptions>): TokenVerifier;
}

export async function start(test: TestContext): Promise<Scene> {
  const [service, clock, log] = [await FakeAuthService.start(test), new TestClock(), [] as string[]];
  const verifier = (options: Partial<VerifierOptions> = {}): TokenVerifier => {
    const made = new TokenVerifier({ issuer: service.address, log: (level, message) => void log.push(`${level}: ${message}`), ...options }, clock);
    test.after(() => made.close());
    return made;
  };
  return {
    service, clock, log, verifier,
    reader: (revocation = {}, options = {}) =>
      verifier({ ...options, revocation: { address: service.address, credential: 'rt_files', wait: 1, maxStaleness: 3, ...revocation } }),
  };
}

/** Waits for a condition for a minute at most, because a busy machine is slow. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end;) {
    if (await condition())
      return;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  assert.fail(`Waited in vain until ${what}`);
}

/** Returns the name of the error, or `taken`. */
export function outcomeOf(verifier: { verify(token: string): Promise<unknown> }, token: string): Promise<string> {
  return verifier.verify(token).then(() => 'taken', (error: Error) => error.name);
}

/** Runs a script that uses the package in its own process. Returns its exit code, which must come within a minute. */
export async function exitCodeOf(script: string): Promise<number | null> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
  try {
    const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(60_000) }) as [number | null];
    return code;
  }
  finally {
    child.kill();
  }
}
