import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort } from '../fakes/freePort.js';
import { until } from '../fakes/scene.js';
import { instance } from './instance.js';

/** The first example of the README, with other addresses. */
async function readLines(port: number): Promise<string> {
  const lines = /```ts\n(.*?)```/s.exec(await readFile('README.md', 'utf8'))![1]!;
  assert.ok(lines.includes('https://auth.example.com') && lines.includes('3000'));
  assert.ok(lines.split('\n').filter(line => line !== '').length <= 10);
  return lines.replace('https://auth.example.com', instance.address).replace('3000', `${port}`);
}

test('The ten lines of the README refuse a revoked token within seconds', async test => {
  const [port, folder] = [await freePort(), await mkdtemp(join('build', 'readme-'))]; // inside the package, so that its own name resolves
  test.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'app.mjs'), await readLines(port));
  const AUTHSERVICE_CREDENTIAL = (await instance.service()).refreshToken;
  const app = spawn(process.execPath, [join(folder, 'app.mjs')], { env: { ...process.env, AUTHSERVICE_CREDENTIAL }, stdio: 'inherit' });
  test.after(() => app.kill());
  const post = async (token: string): Promise<[number, string]> => {
    const answer = await fetch(`http://127.0.0.1:${port}/files/a`, { method: 'POST', headers: { Authorization: `Bearer ${token}` } });
    return [answer.status, await answer.text()];
  };
  await until(() => post('').then(() => true, () => false), 'it listens');

  const person = await instance.person();
  assert.deepEqual(await post(person.accessToken), [200, `a is ${person.id}'s`]);
  assert.equal((await post(await instance.extend(await instance.service('_svc'), person.accessToken, 'files:read')))[0], 403);
  await instance.call('POST', '/auth/logout', person.refreshToken);
  await until(async () => (await post(person.accessToken))[0] === 401, 'it is refused');
});
