import { needsFactor, needsProof, type FreshProof } from './freshProof.js';
import { isOfSame } from './grant.js';
import type { TokenSource } from './tokenSource.js';

export type Fetch = (request: Request) => Promise<Response>;

/**
 * Sends the access token along. A call that is refused is sent once more with a new token, and once more with one that a fresh proof gave; or twice, where the
 * factor is asked for after the password. It is never sent in the name of somebody else who has signed in meanwhile.
 */
export function bearerFetch(send: Fetch, tokens: TokenSource, proof?: FreshProof): Fetch {
  return async request => {
    const tries = { renew: 0, prove: 0 };
    for (let call = request, grant = await tokens.grantToCaller(); ;) {
      const spare = call.clone(); // a body can be sent only once
      call.headers.set('Authorization', `Bearer ${grant.accessToken}`);
      const response = await send(call);
      const remedy = needsProof(response) ? 'prove' : 'renew';
      if (response.status !== 401 || tries[remedy]++ > (needsFactor(response) ? 1 : 0))
        return response;
      const another = await (remedy === 'prove' ? proof?.(grant) : tokens.replace(grant));
      if (!another || !isOfSame(grant, another))
        return response;
      await response.body?.cancel();
      [call, grant] = [spare, another];
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
