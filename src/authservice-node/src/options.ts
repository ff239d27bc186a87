const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Checks an address with http or https.
 * @throws {TypeError} It is not such an address, or it is plain HTTP to another machine where https is required.
 */
export function checkAddress(value: unknown, requireHttps: boolean, option: string): URL {
  const address = typeof value === 'string' || value instanceof URL ? parseUrl(String(value)) : null;
  if (address === null || !['http:', 'https:'].includes(address.protocol))
    throw new TypeError(`${option}: ${JSON.stringify(value)} is no absolute address with http or https`);
  if (requireHttps && address.protocol === 'http:' && !LOOPBACK.test(address.hostname))
    throw new TypeError(`${option}: ${address.href} is not https; requireHttps: false allows it`);
  return address;
}

/** @throws {TypeError} The value is not a number from `least` to `most`. */
export function checkNumber(value: unknown, least: number, most: number, option: string): number {
  if (typeof value !== 'number' || !(value >= least && value <= most))
    throw new TypeError(`${option}: ${String(value)} is no number from ${least} to ${most}`);
  return value;
}

/** @param path A path relative to the address, which may have a path of its own. */
export function addressOf(base: URL, path: string): URL {
  return new URL(path, base.pathname.endsWith('/') ? base : new URL(`${base.pathname}/`, base));
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  }
  catch {
    return null;
  }
}
