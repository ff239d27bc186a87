import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';

/** Does what a server that renders pages does. */
const script = `
  import { AuthService } from 'authservice-js';
  const auth = new AuthService({ url: 'https://auth.example', service: 'web' });
  if (await auth.getIdentity() !== null)
    process.exit(1);`;

test('A process of Node.js that makes an AuthService ends', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
  try {
    assert.deepEqual(await once(child, 'exit', { signal: AbortSignal.timeout(20_000) }), [0, null]);
  } finally {
    child.kill();
  }
});
