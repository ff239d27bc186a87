import type { Fetch } from './bearerFetch.js';
import { refusalOf } from './refusals.js';
import type { Service } from './service.js';

/**
 * Calls the service itself.
 * @param body Sent as JSON; nothing is sent when it is missing.
 * @returns What the body of the answer holds; undefined when it is empty.
 */
export type ServiceCall = (method: string, path: string, body?: unknown) => Promise<unknown>;

export function createServiceCall(service: Service, send: Fetch): ServiceCall {
  return async (method, path, body) => {
    const response = await send(body === undefined ? service.request(path, { method }) : service.requestWithJson(path, body, method));
    if (!response.ok)
      throw await refusalOf(response);
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  };
}
