import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const bundle = 'dist/authservice.min.js'; // npm runs tests in the folder of the package

test('The bundle is under 17 KB, and the README says its size', async () => {
  const size = (await readFile(bundle)).length;
  const said = /(\d+\.\d) KB minified/.exec(await readFile('README.md', 'utf8'))?.[1];
  assert.ok(size < 17_000, `${size}`);
  assert.equal(said, (size / 1000).toFixed(1));
});

test('The bundle and the modules export the same', async () => {
  const exportsOf = async (file: string): Promise<string[]> => Object.keys(await import(pathToFileURL(file).href) as object).sort();
  const names = [
    'AuthService', 'AuthServiceError', 'InvalidLinkError', 'LockedError', 'NewPasswordRequestedError', 'PasskeyExistsError', 'PasskeysUnavailableError',
    'PasswordNotAllowedError', 'RefusedError', 'SecondFactorOwed', 'SignedOutError', 'UnavailableError', 'WrongCodeError', 'WrongPasskeyError',
    'WrongPasswordError',
  ];
  assert.deepEqual([await exportsOf(bundle), await exportsOf('dist/index.js')], [names, names]);
});

test('It runs with the globals of a browser and depends on nothing', async () => {
  const { AuthService, SignedOutError } = await import(pathToFileURL(bundle).href) as typeof import('../src/index.js');
  const auth = new AuthService({ url: 'https://auth.example', service: 'web' });
  await assert.rejects(auth.getAccessToken(), SignedOutError);
  auth.close();
  assert.equal(JSON.parse(await readFile('package.json', 'utf8')).dependencies, undefined);
});
