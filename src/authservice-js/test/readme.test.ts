import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

const folder = 'build/readme'; // npm runs tests in the folder of the package

/** The declarations that the examples need. */
const given = `
declare const auth: import('authservice-js').AuthService;
declare const askForProof: import('authservice-js').AskForProof;
declare const password: string;
declare function showApp(person: import('authservice-js').Identity): void;
declare function showSignIn(): void;
declare function askForCode(): Promise<string>;
declare function askForPassword(): Promise<string>;
declare function showDialog(wanted: string, refusal?: string): Promise<string | null>;`;

test('The examples of the README compile, as those compile who copy them', async () => {
  const examples = [...(await readFile('README.md', 'utf8')).matchAll(/^```(\w*)\n(.*?)^```/gms)].filter(([, language]) => language !== 'sh');
  assert.deepEqual(examples.map(([, language]) => language), Array(4).fill('ts'));
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'given.d.ts'), given);
  await Promise.all(examples.map(([, , code], i) => writeFile(join(folder, `example${i + 1}.ts`), `${code}\nexport {};\n`)));

  assert.equal(await compile(examples.map((_, i) => `example${i + 1}.ts`)), '');
});

/** Returns the compiler's messages. */
function compile(files: readonly string[]): Promise<string> {
  const options = '--noEmit --ignoreConfig --strict --skipLibCheck --target ES2022 --module NodeNext --lib ES2022,DOM,DOM.Iterable'.split(' ');
  const paths = ['given.d.ts', ...files].map(file => join(folder, file));
  return new Promise(resolve => {
    const end = (error: Error | null, said: string): void => resolve(error === null ? '' : said || error.message);
    execFile(process.execPath, ['node_modules/typescript/bin/tsc', ...options, ...paths], end);
  });
}
