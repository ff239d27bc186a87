// Verifies a webhook with the library that the command line names. It reads {secret, payload, headers} as JSON and writes the payload
// that the library returns; svix 2.0 and later return nothing. If the signature is wrong, the library throws and the exit code is 1.
import { text } from "node:stream/consumers";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;

const imported = await import(process.argv[2]);
const { Webhook } = imported.default?.Webhook ? imported.default : imported;
const { secret, payload, headers } = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(new Webhook(secret).verify(payload, headers) ?? JSON.parse(payload)));
