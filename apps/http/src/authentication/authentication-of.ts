import { type EpochMs, TaskedError } from '@tasked/core';
import { keyState } from '../keys/api-key.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { ServeSettings } from '../settings.ts';
import { whyKeyIsNeeded } from '../why-key-is-needed.ts';
import type { Authenticate } from './authenticate.ts';
import { byKey } from './by-key.ts';
import { openUntilKeys } from './open-until-keys.ts';

/**
 * How callers of a server of these settings are known. Throws `forbidden` when the server would be open to
 * people who must have a key, and there is none.
 */
export async function authenticationOf(
  settings: ServeSettings,
  keys: KeyStore,
  now: EpochMs,
): Promise<Authenticate> {
  const why = whyKeyIsNeeded(settings);
  if (why === null) return openUntilKeys(keys, byKey(keys));
  if ((await keys.list()).some((key) => keyState(key, now) === 'active')) return byKey(keys);
  const message = `${why}, and nobody has a key: make one first with tasked-http keys create <name>`;
  throw new TaskedError('forbidden', message);
}
