import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const FORM = /^tasked_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/** A new key as its owner gets to see it, once. */
export interface NewSecret {
  readonly id: string;
  readonly secret: string;
  readonly hash: string;
}

/**
 * Makes a key: its public id, and 256 random bits. They are what makes a plain hash enough: nobody can try
 * them all, as one could with a password.
 */
export function newSecret(): NewSecret {
  const id = randomBytes(8).toString('hex');
  const secret = `tasked_${id}_${randomBytes(32).toString('base64url')}`;
  return { id, secret, hash: hashOf(secret).toString('hex') };
}

/** The id in a key; null for what cannot be one. */
export function idOf(secret: string): string | null {
  return FORM.exec(secret)?.[1] ?? null;
}

/** True when this is the key of that hash; takes equally long for every other. */
export function isSecretOf(secret: string, hash: string): boolean {
  const [given, expected] = [hashOf(secret), Buffer.from(hash, 'hex')];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
