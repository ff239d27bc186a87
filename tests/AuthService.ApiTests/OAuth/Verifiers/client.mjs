// Runs an action with one of the OAuth libraries and writes the outcome. Arguments: the name of the action, and its input as JSON.
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import bearer from "express-oauth2-jwt-bearer";

const plainHttp = { [oauth.allowInsecureRequests]: true };
const methods = {
  "openid-client": { basic: openid.ClientSecretBasic, post: openid.ClientSecretPost },
  oauth4webapi: { basic: oauth.ClientSecretBasic, post: oauth.ClientSecretPost },
};

/** The life of a token that a service gets for its key, by each library's own calls. */
const lives = {
  "openid-client": async ({ server, id, secret, method, algorithm, scope }) => {
    const authentication = methods["openid-client"][method](secret);
    const config = await openid.discovery(new URL(server), id, undefined, authentication, { algorithm, execute: [openid.allowInsecureRequests] });
    const granted = await openid.clientCredentialsGrant(config, { scope });
    const before = await openid.tokenIntrospection(config, granted.access_token);
    await openid.tokenRevocation(config, granted.access_token);
    return { granted, before, after: await openid.tokenIntrospection(config, granted.access_token) };
  },
  oauth4webapi: async ({ server, id, secret, method, algorithm, scope }) => {
    const [issuer, client, authentication] = [new URL(server), { client_id: id }, methods.oauth4webapi[method](secret)];
    const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...plainHttp }));
    const asked = await oauth.clientCredentialsGrantRequest(as, client, authentication, new URLSearchParams({ scope }), plainHttp);
    const granted = await oauth.processClientCredentialsResponse(as, client, asked);
    const introspect = async () =>
      oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, authentication, granted.access_token, plainHttp));
    const before = await introspect();
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication, granted.access_token, plainHttp));
    return { granted, before, after: await introspect() };
  },
};

const actions = {
  life: (given) => lives[given.library](given),
  refresh: async ({ server, refreshToken }) => {
    const config = await openid.discovery(new URL(server), "anybody", undefined, openid.None(), { execute: [openid.allowInsecureRequests] });
    return openid.refreshTokenGrant(config, refreshToken);
  },
  jose: async ({ server, token }) =>
    (await jwtVerify(token, createRemoteJWKSet(new URL(`${server}/.well-known/jwks.json`)), { issuer: server, typ: "at+jwt" })).payload,
  set: async ({ server, issuer, audience, token }) =>
    (await jwtVerify(token, createRemoteJWKSet(new URL(`${server}/.well-known/jwks.json`)), { issuer, audience, typ: "secevent+jwt" })).payload,
  express: async ({ server, token, audience }) => {
    const check = bearer.auth({ issuerBaseURL: server, audience, validators: { typ: "at+jwt" } });
    const headers = { authorization: `Bearer ${token}`, host: "files.example.com" };
    const request = { method: "GET", url: "/", headers, query: {}, is: () => false, get: (name) => headers[name.toLowerCase()] };
    await new Promise((resolve, reject) => check(request, {}, (error) => (error ? reject(error) : resolve())));
    return request.auth.payload;
  },
};

const [action, given] = process.argv.slice(2);
try {
  console.log(JSON.stringify({ value: await actions[action](JSON.parse(given)) }));
} catch (error) {
  console.log(JSON.stringify({ error: { name: error.name, code: error.error ?? error.code ?? null, status: error.status ?? null, text: String(error) } }));
}
