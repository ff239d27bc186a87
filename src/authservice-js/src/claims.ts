/** The person who is signed in, as the access token says. It is for display: this package does not check the signature. */
export interface Identity {
  readonly id: string;
  readonly role: string;
  readonly sessionId: string | null;
  readonly scopes: readonly string[];
  readonly firstNames: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  /** The administrator who is impersonating this person. */
  readonly actor: string | null;
}

export interface Claims {
  readonly identity: Identity;
  /** Milliseconds from issue to expiry. Both times are from the server's clock, so this machine's clock does not matter. */
  readonly lifetime: number;
}

/** Reads a JWT without checking its signature. */
export function readClaims(accessToken: string): Claims {
  const claims = parsePayload(accessToken);
  const identity: Identity = {
    id: text(claims['sub']) ?? '',
    role: text(claims['role']) ?? '',
    sessionId: text(claims['sid']),
    scopes: Array.isArray(claims['aud']) ? claims['aud'].map(String) : [],
    firstNames: text(claims['firstNames']),
    lastName: text(claims['lastName']),
    email: text(claims['email']),
    actor: text((claims['act'] as { sub?: unknown } | undefined)?.sub),
  };
  return { identity, lifetime: (Number(claims['exp']) - Number(claims['iat'])) * 1000 || 0 };
}

export const text = (value: unknown): string | null => typeof value === 'string' ? value : null;

function parsePayload(accessToken: string): Record<string, unknown> {
  const base64 = (accessToken.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
}
