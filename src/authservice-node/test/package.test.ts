import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

test('It depends on nothing but jose while it runs', async () => {
  // npm runs tests in the package's folder
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as { dependencies: object };
  assert.deepEqual(Object.keys(dependencies), ['jose']);
  for (const file of (await readdir('dist')).filter(name => name.endsWith('.js'))) {
    const imports = [...(await readFile(join('dist', file), 'utf8')).matchAll(/from '([^.'][^']*)'/g)].map(match => match[1]!);
    assert.deepEqual(imports.filter(name => !name.startsWith('node:') && name !== 'jose'), [], file);
  }
});

test('What its types import is a dependency or an optional peer', async () => {
  const manifest = JSON.parse(await readFile('package.json', 'utf8')) as Record<'dependencies' | 'peerDependencies' | 'peerDependenciesMeta', object>;
  const peers = Object.keys(manifest.peerDependencies);
  assert.deepEqual(Object.entries(manifest.peerDependenciesMeta), peers.map(name => [name, { optional: true }]));
  const needed = new Set<string>();
  for (const file of (await readdir('dist')).filter(name => name.endsWith('.d.ts'))) {
    for (const [, name] of (await readFile(join('dist', file), 'utf8')).matchAll(/(?:from |import\(|declare module )['"]([^.'"][^'"]*)['"]/g))
      needed.add(name!.startsWith('node:') ? '@types/node' : name!);
  }
  assert.ok(needed.has('fastify') && needed.has('@types/node'));
  assert.deepEqual([...needed].filter(name => name !== 'jose' && !peers.includes(name)), []);
});

test('It exports what the README says', async () => {
  const [index, readme] = [await import('authservice-node' as string) as object, await readFile('README.md', 'utf8')];
  assert.deepEqual(Object.keys(index).sort(), [
    'AuthServiceError', 'InvalidTokenError', 'KeysUnavailableError', 'NotClaimedError', 'RefusedError', 'RevokedTokenError',
    'StaleKnowledgeError', 'TokenError', 'UnavailableError', 'UncheckedTokenError', 'createClient', 'createVerifier', 'hasScope',
  ]);
  for (const name of Object.keys(index))
    assert.ok(readme.includes(name), name);
});
