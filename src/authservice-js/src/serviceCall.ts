import type { Fetch } from './bearerFetch.js';
import { readAnswer, type Service } from './service.js';

/**
 * Calls the service itself. GET and POST are answered with JSON, other methods with an empty body.
 * @param body Sent as JSON; nothing is sent when it is missing.
 * @returns The parsed body of the answer; undefined when it is empty.
 */
export type ServiceCall = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** @param isSilent Whether every call is answered with an empty body. */
export function createServiceCall(service: Service, send: Fetch, isSilent = false): ServiceCall {
  return async (method, path, body) => {
    const response = await send(body === undefined ? service.request(path, { method }) : service.requestWithJson(path, body, method));
    return readAnswer(response, isSilent || !['GET', 'POST'].includes(method));
  };
}
