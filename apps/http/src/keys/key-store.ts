import type { EpochMs } from '@tasked/core';
import type { ApiKey } from './api-key.ts';

/**
 * Keeps API keys. Nothing is kept in memory: what one process revokes is revoked for every other at its next
 * request. Throws `unavailable` when the keys cannot be read or written.
 */
export interface KeyStore {
  /** False, and nothing is added, when there is a key of that name already, revoked ones included. */
  add(key: ApiKey): Promise<boolean>;
  get(id: string): Promise<ApiKey | null>;
  /** Oldest first. */
  list(): Promise<readonly ApiKey[]>;
  /** A key that is revoked already stays as it is. */
  revoke(id: string, now: EpochMs): Promise<void>;
  /** Notes that a key was used; called at most once a minute for one key. */
  noteUse(id: string, now: EpochMs): Promise<void>;
  /** 32 random bytes that never change, made when they are first asked for: the same in every process. */
  secret(): Promise<Uint8Array>;
  close(): Promise<void>;
}
