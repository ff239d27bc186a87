import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasScope } from '../src/index.js';

for (const [held, wanted, holds] of [
  [['files.upload:write'], 'files.upload:write', true],
  [['files:write'], 'files.upload:write', true],
  [['files:write'], 'files.upload:read', true],
  [['files:WRITE'], 'files:read', true],
  [['files:read'], 'files:write', false],
  [['files.upload:write'], 'files:write', false],
  [['files.up:write'], 'files.upload:write', false],
  [['Files:write'], 'files:write', false],
  [['all:write'], 'files.upload:write', true],
  [['all:read'], 'files:write', false],
  [['all:write'], 'special.files:read', false],
  [['special:write'], 'special.files:read', true],
  [['all.files:write'], 'files:write', false],
  [['api'], 'files:write', true],
  [['files:write:path!L2E='], 'files:write', true],
  [['files:write:path'], 'files:write', false],
  [['files:write:path!L2E=', 'jobs:read'], 'jobs:read', true],
  [['files:write:a!L2E=,b!L2E='], 'files:read', true],
  [['files:write:a!x'], 'files:read', false],
  [['files..a:write', 'jobs:read'], 'jobs:read', true],
  [['files:admin', 'files', '', ':write', 'files:write:a!L2E=:b'], 'files:read', false],
  [[], 'files:read', false],
] as const) {
  test(`[${held.join(' ')}] ${holds ? 'covers' : 'does not cover'} ${wanted}`, () => assert.equal(hasScope({ aud: held }, wanted), holds));
}

for (const malformed of ['', 'files', 'files:', 'files:all', 'files:write:', 'fi les:write', '.files:write'])
  test(`"${malformed}" is no scope to ask for`, () => assert.throws(() => hasScope({ aud: ['all:write'] }, malformed), TypeError));
