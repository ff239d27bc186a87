import { needsFactor, needsProof, type FreshProof } from './freshProof.js';
import { isOfSame } from './grant.js';
import type { TokenSource } from './tokenSource.js';

export type Fetch = (request: Request) => Promise<Response>;

/**
 * Sends a call with the access token. A call that is refused is sent again with a new token, and again with a token that a fresh proof gave. The proof is asked
 * for twice when the service wants the second factor after the password. The call is never sent for another person who has signed in meanwhile.
 */
export function bearerFetch(send: Fetch, tokens: TokenSource, proof?: FreshProof): Fetch {
  return async request => {
    const { signal } = request;
    const tries = { renew: 0, prove: 0 };
    for (let call = request, grant = await unlessAborted(signal, () => tokens.grantToCaller()); ;) {
      const spare = call.clone(); // a body can be sent only once
      call.headers.set('Authorization', `Bearer ${grant.accessToken}`);
      const response = await send(call);
      const remedy = needsProof(response) ? 'prove' : 'renew';
      if (response.status !== 401 || tries[remedy]++ > (needsFactor(response) ? 1 : 0))
        return response;
      const refused = grant;
      const another = await unlessAborted(signal, async () => remedy === 'prove' ? proof?.(refused) : tokens.replace(refused));
      if (!another || !isOfSame(grant, another))
        return response;
      await response.body?.cancel();
      [call, grant] = [spare, another];
    }
  };
}

/**
 * Waits for work until the signal is aborted. Work that has begun goes on, because other calls may wait for it too.
 * @throws The signal's reason, as `fetch` does.
 */
async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', abort = () => reject(signal.reason as Error)));
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Sends calls to these origins only: a server that sees the token can use it. */
export function onlyTo(origins: ReadonlySet<string>, send: Fetch): Fetch {
  return async request => {
    const { origin } = new URL(request.url);
    if (!origins.has(origin))
      throw new TypeError(`${origin} is not among the origins that may see the access token`);
    return send(request);
  };
}
