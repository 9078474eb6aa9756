import type { EpochMs } from '@tasked/core';
import { keyState } from '../keys/api-key.ts';
import type { KeyStore } from '../keys/key-store.ts';
import { idOf, isSecretOf } from '../keys/secret.ts';
import type { Authenticate } from './authenticate.ts';

/** How exact the time of a key's last use is. */
const USE_MS = 60_000;

/** Knows callers by the API key that they send as a bearer token (RFC 6750). */
export function byKey(keys: KeyStore, now: () => EpochMs = Date.now): Authenticate {
  return async (request) => {
    const secret = bearerOf(request) ?? '';
    const id = idOf(secret);
    const key = id === null ? null : await keys.get(id);
    const at = now();
    if (key === null || !isSecretOf(secret, key.hash) || keyState(key, at) !== 'active')
      return null;
    if (key.lastUsedAt === null || key.lastUsedAt <= at - USE_MS) {
      // What cannot be noted now is noted with the next request; it is not worth refusing this one.
      await keys.noteUse(key.id, at).catch(() => {});
    }
    return { principal: key.principal, scopes: key.scopes };
  };
}

/** The bearer token of a request; null when it has none. */
export function bearerOf(request: Request): string | null {
  return /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}
