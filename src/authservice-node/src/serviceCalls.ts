import { RefusedError, UnavailableError } from './errors.js';
import { addressOf } from './options.js';
import { pause, type Surroundings } from './surroundings.js';

/** The largest answer that is read, in bytes. AuthService's own are smaller. */
const LARGEST_ANSWER = 64 << 20;

/** How often a call is retried. */
const RETRIES = 3;

/** The longest `Retry-After` that a retry waits for, in seconds. */
const LONGEST_WAIT = 10;

/** The body of a call: JSON or a form. */
export type Body = string | URLSearchParams | null;

export interface Answer {
  readonly status: number;
  /** The parsed body; undefined when it is empty or not JSON. */
  readonly body: unknown;
  /** The header `Retry-After` in seconds; null without it. */
  readonly retryAfter: number | null;
}

/** Sends calls and reads their answers. */
export class ServiceCalls {
  constructor(private readonly address: URL, private readonly surroundings: Surroundings) {}

  /**
   * @param path A path relative to the service's address.
   * @throws {UnavailableError} There is no answer.
   */
  async send(method: string, path: string, bearer: string, signal: AbortSignal, body: Body = null): Promise<Answer> {
    const headers: Record<string, string> = { Accept: 'application/json', Authorization: `Bearer ${bearer}` };
    if (typeof body === 'string')
      headers['Content-Type'] = 'application/json';
    try {
      const response = await this.surroundings.fetch(addressOf(this.address, path), { method, headers, body, signal, redirect: 'error' });
      return { status: response.status, body: parse(await readText(response, LARGEST_ANSWER)), retryAfter: readRetryAfter(response) };
    }
    catch (error) {
      throw new UnavailableError(`AuthService did not answer ${method} ${path.split('?')[0]}`, { cause: error });
    }
  }
}

/**
 * Retries a call that was answered 503 with `Retry-After`, a few times, unless it asks for a long wait. AuthService answers so when it has done nothing, or
 * cannot know.
 */
export async function retried(send: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  let answer = await send();
  for (let retries = 0; retries < RETRIES && answer.status === 503 && answer.retryAfter !== null && answer.retryAfter <= LONGEST_WAIT; retries++) {
    await pause(answer.retryAfter, signal);
    answer = await send();
  }
  return answer;
}

/** @throws {Error} The body is larger than that many bytes. */
export async function readText(response: Response, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let [text, length] = ['', 0];
  for await (const bytes of response.body ?? []) {
    length += bytes.length;
    if (length > most)
      throw new Error(`The answer is larger than ${most} bytes`);
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}

/** Turns an answer into a refusal. Each API of the service has its own names for the code and the text. */
export function refusalOf({ status, body, retryAfter }: Answer): RefusedError {
  const error = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const first = (...names: string[]): string | null => names.map(name => error[name]).find(value => typeof value === 'string') as string ?? null;
  const text = first('why', 'error_description', 'description', 'message') ?? 'no reason';
  return new RefusedError(`AuthService answered ${status}: ${text}`, status, first('errorCode', 'error', 'status'), retryAfter, first('traceId'));
}

/** Reads the header in seconds, the form that AuthService sends. */
function readRetryAfter(response: Response): number | null {
  const header = response.headers.get('Retry-After');
  return header !== null && /^\d+$/.test(header) ? Number(header) : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  }
  catch {
    return undefined;
  }
}
