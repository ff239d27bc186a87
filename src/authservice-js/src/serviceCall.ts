import type { Fetch } from './bearerFetch.js';
import { readAnswer, type Service } from './service.js';

/**
 * Calls the service itself. What is asked for or made (GET, POST) is answered with JSON, what is changed or removed with nothing.
 * @param body Sent as JSON; nothing is sent when it is missing.
 * @returns What the body of the answer holds; undefined when that is nothing.
 */
export type ServiceCall = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** @param isSilent Whether every call is answered with nothing. */
export function createServiceCall(service: Service, send: Fetch, isSilent = false): ServiceCall {
  return async (method, path, body) => {
    const response = await send(body === undefined ? service.request(path, { method }) : service.requestWithJson(path, body, method));
    return readAnswer(response, isSilent || !['GET', 'POST'].includes(method));
  };
}
