import { needsFactor, needsProof, type FreshProof } from './freshProof.js';
import type { KnownSession } from './knownSession.js';
import type { TokenSource } from './tokenSource.js';

export type Fetch = (request: Request) => Promise<Response>;

/**
 * Sends the access token along. A call that is refused is sent once more with a new token, and once more with one that a fresh proof gave; or twice, where the
 * factor is asked for after the password.
 */
export function bearerFetch(send: Fetch, tokens: TokenSource, known: KnownSession, proof?: FreshProof): Fetch {
  const sendWithBearer = (request: Request, token: string): Promise<Response> => {
    request.headers.set('Authorization', `Bearer ${token}`);
    return send(request);
  };

  const renew = async (rejected: string): Promise<string> => {
    known.rejected(rejected);
    return (await tokens.grant()).accessToken;
  };
  const prove = async (): Promise<string | null> => proof ? proof.obtain() : null;

  return async request => {
    const tries = { renew: 0, prove: 0 };
    for (let call = request, token = (await tokens.grant()).accessToken; ;) {
      const spare = call.clone(); // a body can be sent only once
      const response = await sendWithBearer(call, token);
      const remedy = needsProof(response) ? 'prove' : 'renew';
      if (response.status !== 401 || tries[remedy]++ > (needsFactor(response) ? 1 : 0))
        return response;
      const another = await (remedy === 'prove' ? prove() : renew(token));
      if (another === null)
        return response;
      await response.body?.cancel();
      [call, token] = [spare, another];
    }
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
