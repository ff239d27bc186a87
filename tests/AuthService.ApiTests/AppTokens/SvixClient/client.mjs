// Makes calls with the svix client that the command line names. It reads one JSON object from each line of its standard input
// ({token, method: "application.create", arguments: [...]}) and writes the outcome as one line.
import { createInterface } from "node:readline";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto; // The clients need it, but Node.js 18 (in Debian 12) does not define it in modules.

const [name, serverUrl] = process.argv.slice(2);
const imported = await import(name);
const { Svix } = imported.default ?? imported;

const call = async ({ token, method, arguments: given }) => {
  const [group, action] = method.split(".");
  const api = new Svix(token, { serverUrl })[group];
  if (typeof api[action] !== "function") return { missing: true };
  try {
    return { value: (await api[action](...given)) ?? null };
  } catch (error) {
    // Compare the name: 1.57.0 exports another ApiException than the one that it throws.
    return { error: { type: error.constructor.name, code: error.code, body: error.body, text: String(error) } };
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await call(JSON.parse(line)))}\n`);
}
