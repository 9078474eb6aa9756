import type { EpochMs } from '@tasked/core';

/** An API key as it is stored: what it opens, not what it is. */
export interface ApiKey {
  /** Public: 16 hex digits, a part of the key itself. */
  readonly id: string;
  /** Unique for ever, so that nobody inherits what a namesake has left. */
  readonly name: string;
  /** Whose flows it opens; several keys may open the same ones. */
  readonly principal: string;
  /** What it may do beside that, in the words that durable tools ask for; `*` stands for everything. */
  readonly scopes: readonly string[];
  readonly createdAt: EpochMs;
  /** Null: never. */
  readonly expiresAt: EpochMs | null;
  readonly revokedAt: EpochMs | null;
  /** To the minute; null: not yet. */
  readonly lastUsedAt: EpochMs | null;
  /** SHA-256 of the whole key, in hex. */
  readonly hash: string;
}

/** Whether a key opens anything now. */
export type KeyState = 'active' | 'expired' | 'revoked';

export function keyState(key: ApiKey, now: EpochMs): KeyState {
  if (key.revokedAt !== null) return 'revoked';
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'active';
}
