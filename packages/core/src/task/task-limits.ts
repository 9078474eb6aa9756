import { TaskedError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import { decodeJson, encodeJson } from '../json-text.ts';
import type { Task } from './task.ts';

/** How much one owner may keep, and for how long. */
export interface TaskLimits {
  /** Tasks of one owner, those included that ended and are not over yet; 10,000 if omitted. */
  readonly maxTasksPerOwner?: number;
  /**
   * A longer time to live is shortened to it, and so is none at all: the record tells what it is (MCP specification
   * 2025-11-25, Tasks: a receiver may override a requested ttl). 30 days if omitted; null for no limit.
   */
  readonly maxTtlMs?: number | null;
  /** UTF-8 bytes of JSON, for arguments, metadata, inputs and outcome each; 4,194,304 (4 MiB) if omitted. */
  readonly maxPayloadBytes?: number;
}

export const MAX_TASKS_PER_OWNER = 10_000;
export const MAX_TTL_MS = 30 * 86_400_000;
export const MAX_PAYLOAD_BYTES = 4 * 1_048_576;

/** The longest that is allowed, where null is for ever. */
export function shortened(ttlMs: number | null, maxTtlMs: number | null): number | null {
  if (maxTtlMs === null) return ttlMs;
  return Math.min(ttlMs ?? maxTtlMs, maxTtlMs);
}

/** What callers bring, and how to get along with less of it. */
const PAYLOADS = {
  arguments: 'pass a reference to large data instead of the data',
  metadata: 'keep large data elsewhere, and refer to it',
  inputs: 'ask, or answer, for less at once',
  statusMessage: 'say it in one sentence',
  outcome: 'return a shorter result, or a reference to it',
} as const satisfies Partial<Record<keyof Task, string>>;

/**
 * The task with copies of what `before` did not have, so that nobody outside can change what is inside. Throws
 * `invalid_input` for what JSON cannot carry and `limit_exceeded` for what is too large.
 */
export function withOwnPayloads(task: Task, before: Task | null, maxBytes: number): Task {
  const copies: Record<string, JsonValue> = {};
  for (const [name, remedy] of Object.entries(PAYLOADS)) {
    const payload = task[name as keyof typeof PAYLOADS] as JsonValue;
    if (payload === before?.[name as keyof typeof PAYLOADS]) continue;
    const text = encodeJson(payload, `${name} of task ${task.id}`);
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > maxBytes) {
      throw new TaskedError(
        'limit_exceeded',
        `${name} of task ${task.id} has ${bytes} bytes, ${maxBytes} are allowed: ${remedy}`,
        { details: { limit: 'maxPayloadBytes', max: maxBytes, got: bytes } },
      );
    }
    copies[name] = decodeJson(text);
  }
  return { ...task, ...copies };
}
