import { hash } from 'node:crypto';

/** In characters of base64url: 132 bits tell all tokens apart that there will be. */
const KEY_LENGTH = 22;

const FINGERPRINT = /^[A-Za-z0-9_-]{43}$/;

/**
 * Under which one token is revoked: what is signed and the first half of the signature, because of an elliptic-curve signature (r, s) whoever holds the
 * token can make another one, (r, n - s).
 */
export function keyOfToken(token: string): string {
  const signatureAt = token.lastIndexOf('.') + 1;
  const bytes = Buffer.allocUnsafe(token.length);
  const signed = bytes.write(token.slice(0, signatureAt), 0, 'latin1');
  const signature = bytes.write(token.slice(signatureAt), signed, 'base64url');
  return hash('sha256', bytes.subarray(0, signed + (signature >> 1)), 'base64url').slice(0, KEY_LENGTH);
}

/** Null when it is no fingerprint: SHA-256 in base64url. */
export function keyOfFingerprint(text: string): string | null {
  return FINGERPRINT.test(text) ? text.slice(0, KEY_LENGTH) : null;
}
