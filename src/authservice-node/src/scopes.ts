interface Scope {
  readonly segments: readonly string[];
  readonly canWrite: boolean;
}

const NAME = /^[A-Za-z0-9_+-]+$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Returns whether one of the token's scopes covers this one: its access is as wide and its segments are a prefix (src/AuthService/README.md#scopes).
 * @param token The claims that `verify` returned.
 * @param scope A scope, for example `files.upload:write`. Its metadata is ignored.
 * @throws {TypeError} The scope is malformed.
 */
export function hasScope(token: { readonly aud: readonly string[] }, scope: string): boolean {
  return holds(token, parseWanted(scope));
}

/** @throws {TypeError} A scope is malformed. */
export function holdsAll(scopes: readonly string[]): (token: { readonly aud: readonly string[] }) => boolean {
  const wanted = scopes.map(parseWanted);
  return token => wanted.every(scope => holds(token, scope));
}

/** Ignores held scopes that are malformed. */
function holds(token: { readonly aud: readonly string[] }, wanted: Scope): boolean {
  return token.aud.some(text => {
    const held = parse(text);
    return held !== null && covers(held, wanted);
  });
}

function parseWanted(text: string): Scope {
  const scope = parse(text);
  if (scope === null)
    throw new TypeError(`"${text}" is no scope, as files.upload:write is`);
  return scope;
}

/** Parses `segments:access[:metadata]`. */
function parse(text: string): Scope | null {
  if (text === 'api') // an old name of all:write
    return { segments: ['all'], canWrite: true };
  const [path, access, metadata, ...rest] = text.split(':');
  const kind = access?.toLowerCase();
  const segments = path!.split('.');
  const isScope = (kind === 'read' || kind === 'write') && rest.length === 0
    && segments.every(segment => NAME.test(segment)) && (metadata === undefined || metadata.split(',').every(isPair));
  return isScope ? { segments, canWrite: kind === 'write' } : null;
}

function isPair(text: string): boolean {
  const [key, value, ...rest] = text.split('!');
  return rest.length === 0 && NAME.test(key!) && value !== undefined && BASE64.test(value);
}

function covers(held: Scope, wanted: Scope): boolean {
  if (wanted.canWrite && !held.canWrite)
    return false;
  if (held.segments.length === 1 && held.segments[0] === 'all')
    return wanted.segments[0] !== 'special';
  return held.segments.every((segment, i) => wanted.segments[i] === segment);
}
