// Makes calls with the svix client that is named on the command line: one JSON object a line comes in
// ({token, method: "application.create", arguments: [...]}), and what came of it goes out.
import { createInterface } from "node:readline";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto; // The clients take it for granted; Node.js 18, which Debian 12 has, does not show it to modules.

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
    // By its name: 1.57.0 exports another ApiException than the one that it throws.
    return { error: { type: error.constructor.name, code: error.code, body: error.body, text: String(error) } };
  }
};

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await call(JSON.parse(line)))}\n`);
}
