import type { KnownSession } from './knownSession.js';
import { refusalOf } from './refusals.js';
import type { TokenSource } from './tokenSource.js';

export type Fetch = (request: Request) => Promise<Response>;

/** Sends the access token along, and once more with a new one when it was refused. */
export function bearerFetch(send: Fetch, tokens: TokenSource, known: KnownSession): Fetch {
  const sendWithBearer = (request: Request, token: string): Promise<Response> => {
    request.headers.set('Authorization', `Bearer ${token}`);
    return send(request);
  };

  return async request => {
    const spare = request.clone(); // a body can be sent only once
    const { accessToken } = await tokens.grant();
    const response = await sendWithBearer(request, accessToken);
    if (response.status !== 401)
      return response;
    known.rejected(accessToken);
    const another = await tokens.grant();
    await response.body?.cancel();
    return sendWithBearer(spare, another.accessToken);
  };
}

/** Calls that may go to any address are kept to these origins: whoever sees the token can use it. */
export function onlyTo(origins: ReadonlySet<string>, send: Fetch): Fetch {
  return async request => {
    const { origin } = new URL(request.url);
    if (!origins.has(origin))
      throw new TypeError(`${origin} is not among the origins that may see the access token`);
    return send(request);
  };
}

/**
 * For answers of the service's own.
 * @returns What the body holds; undefined when it is empty.
 */
export async function sendForJson(send: Fetch, request: Request): Promise<unknown> {
  const response = await send(request);
  if (!response.ok)
    throw await refusalOf(response);
  const text = await response.text();
  return text === '' ? undefined : JSON.parse(text);
}
