// Generates a client from the OpenAPI document of a running service with the generator that the command line names, signs in,
// refreshes and claims a token with it, and writes what came of it. The generated files stand in a folder that is deleted.
import { createClient } from "@hey-api/openapi-ts";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const target = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };

const generators = {
  /** Its client is a file of functions, named as the operations are. */
  "hey-api": async (folder, { document, server }) => {
    const output = join(folder, "client");
    const plugins = ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"];
    await createClient({ input: document, output, plugins, logs: { level: "silent" } });
    for (const path of readdirSync(output, { recursive: true }).filter(path => path.endsWith(".ts"))) {
      const { outputText } = ts.transpileModule(readFileSync(join(output, path), "utf8"), { compilerOptions: target });
      writeFileSync(join(output, path.replace(/ts$/, "js")), outputText);
    }
    const generated = createRequire(join(folder, "/"));
    const { passwordLogin, refresh, claim } = generated("./client/sdk.gen.js");
    generated("./client/client.gen.js").client.setConfig({ baseUrl: server });
    const bearer = token => ({ headers: { Authorization: `Bearer ${token}` } });
    return {
      passwordLogin: async body => await passwordLogin({ body }),
      refresh: async token => await refresh(bearer(token)),
      claim: async (token, jti) => await claim({ ...bearer(token), query: { jti } }),
    };
  },

  /** Its types are what openapi-fetch goes by: a caller that names an operation or a member wrongly does not compile. */
  "openapi-typescript": async (folder, { document, server }) => {
    writeFileSync(join(folder, "schema.d.ts"), astToString(await openapiTS(new URL(document))));
    writeFileSync(join(folder, "caller.ts"), caller);
    const options = { ...target, strict: true, skipLibCheck: true, types: [], lib: ["lib.es2022.d.ts", "lib.dom.d.ts"], outDir: folder };
    const program = ts.createProgram([join(folder, "caller.ts")], options);
    const faults = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
    if (faults.length > 0)
      throw new Error(ts.formatDiagnostics(faults, ts.createCompilerHost(options)));
    return createRequire(join(folder, "/"))("./caller.js").at(server);
  },
};

const caller = `
  import createClient from "openapi-fetch";
  import type { paths, operations } from "./schema";

  type Login = operations["passwordLogin"]["requestBody"]["content"]["application/json"];

  export function at(baseUrl: string) {
    const client = createClient<paths>({ baseUrl });
    const bearer = (token: string) => ({ headers: { Authorization: \`Bearer \${token}\` } });
    return {
      passwordLogin: (body: Login) => client.POST("/auth/login", { body }),
      refresh: (token: string) => client.POST("/auth/refresh", bearer(token)),
      claim: (token: string, jti: string) => client.POST("/auth/claim", { ...bearer(token), params: { query: { jti } } }),
    };
  }`;

async function use({ passwordLogin, refresh, claim }, { username, password, serviceToken, jti }) {
  const signedIn = await passwordLogin({ username, password, service: "app" });
  const refreshed = await refresh(signedIn.data?.refreshToken);
  const first = await claim(serviceToken, jti);
  const second = await claim(serviceToken, jti);
  return {
    signedIn: signedIn.data ?? signedIn.error,
    refreshed: refreshed.data ?? refreshed.error,
    claims: [first.response.status, second.response.status],
    refusal: second.error,
  };
}

const [generator, given] = [process.argv[2], JSON.parse(process.argv[3])];
const folder = mkdtempSync(join(tmpdir(), "authservice-client-"));
try {
  writeFileSync(join(folder, "package.json"), "{}");
  symlinkSync(fileURLToPath(new URL("node_modules", import.meta.url)), join(folder, "node_modules"));
  const outcome = await use(await generators[generator](folder, given), given);
  process.stdout.write(`\n${JSON.stringify(outcome)}`);
} finally {
  rmSync(folder, { recursive: true });
}
