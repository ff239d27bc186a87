// Verifies a webhook with the library that is named on the command line: {secret, payload, headers} comes in as JSON, and the
// payload goes out as the library gives it; svix from 2.0 on gives nothing. It throws, and this ends with 1, when the signature is wrong.
import { text } from "node:stream/consumers";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;

const imported = await import(process.argv[2]);
const { Webhook } = imported.default?.Webhook ? imported.default : imported;
const { secret, payload, headers } = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(new Webhook(secret).verify(payload, headers) ?? JSON.parse(payload)));
