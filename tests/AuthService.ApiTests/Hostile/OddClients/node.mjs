// The clients of Node.js itself, each once through sign-in, refresh, sign-out and another refresh.
// Usage: node node.mjs PLAIN_URL TLS_URL USER PASSWORD; prints {client: "200 200 204 401"}.
import http from "node:http";
import http2 from "node:http2";

const [plain, tls, username, password] = process.argv.slice(2);
const form = new URLSearchParams({ username, password, service: "app" }).toString();
const formType = "application/x-www-form-urlencoded";

/** @param send (path, headers, body) => {status, text} */
async function goUsualWay(send) {
  const signIn = await send("/auth/login", { accept: "application/json", "content-type": formType }, form);
  const authorization = `Bearer ${JSON.parse(signIn.text).refreshToken}`;
  const statuses = [signIn.status];
  for (const path of ["/auth/refresh", "/auth/logout", "/auth/refresh"]) {
    statuses.push((await send(path, { authorization }, "")).status);
  }
  return statuses.join(" ");
}

async function readAll(stream) {
  let text = "";
  for await (const part of stream.setEncoding("utf8")) text += part;
  return text;
}

function byHttp2(session) {
  return (path, headers, body) =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ":method": "POST", ":path": path, ...headers });
      stream.on("error", reject);
      stream.on("response", async (answer) => resolve({ status: answer[":status"], text: await readAll(stream) }));
      stream.end(body);
    });
}

/** @param more Headers of every call. */
function byHttp(agent, more) {
  return (path, headers, body) =>
    new Promise((resolve, reject) => {
      const request = http.request(`${plain}${path}`, { method: "POST", agent, headers: { ...headers, ...more } });
      request.on("error", reject);
      request.on("response", async (answer) => resolve({ status: answer.statusCode, text: await readAll(answer) }));
      request.end(body);
    });
}

async function byStreamingFetch(path, headers, body) {
  const stream = new ReadableStream({
    start(controller) {
      for (const character of body) controller.enqueue(new TextEncoder().encode(character));
      controller.close();
    },
  });
  const answer = await fetch(`${plain}${path}`, { method: "POST", headers, body: stream, duplex: "half" });
  return { status: answer.status, text: await answer.text() };
}

function triesHttp2WithoutTls() {
  return new Promise((resolve) => {
    const session = http2.connect(plain);
    session.on("error", () => resolve("refused"));
    session.on("goaway", () => resolve("refused"));
    const stream = session.request({ ":path": "/login" });
    stream.on("error", () => resolve("refused"));
    stream.on("response", () => resolve("answered"));
  });
}

const session = http2.connect(tls, { rejectUnauthorized: false });
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const ways = {
  "http2": await goUsualWay(byHttp2(session)),
  "fetch": await goUsualWay(byStreamingFetch),
  "keep-alive": await goUsualWay(byHttp(agent, {})),
  "chunked": await goUsualWay(byHttp(agent, { "Transfer-Encoding": "chunked", TE: "trailers" })),
  "without keep-alive": await goUsualWay(byHttp(false, { "Accept-Encoding": "gzip" })),
  "prior knowledge": await triesHttp2WithoutTls(),
};
console.log(JSON.stringify(ways));
process.exit(0);
