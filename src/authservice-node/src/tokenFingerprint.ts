import { hash } from 'node:crypto';

/** The length of a key in characters of base64url. 132 bits are enough to tell all tokens apart. */
const KEY_LENGTH = 22;

const FINGERPRINT = /^[A-Za-z0-9_-]{43}$/;

/**
 * Returns the key by which one token is revoked. It hashes the signed part and the first half of the signature, because the holder of a token can turn an
 * elliptic-curve signature (r, s) into another valid one, (r, n - s).
 */
export function keyOfToken(token: string): string {
  const signatureAt = token.lastIndexOf('.') + 1;
  const bytes = Buffer.allocUnsafe(token.length);
  const signed = bytes.write(token.slice(0, signatureAt), 0, 'latin1');
  const signature = bytes.write(token.slice(signatureAt), signed, 'base64url');
  return hash('sha256', bytes.subarray(0, signed + (signature >> 1)), 'base64url').slice(0, KEY_LENGTH);
}

/** Returns the key of a fingerprint (SHA-256 in base64url); null for other text. */
export function keyOfFingerprint(text: string): string | null {
  return FINGERPRINT.test(text) ? text.slice(0, KEY_LENGTH) : null;
}
