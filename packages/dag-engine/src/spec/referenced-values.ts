import type { FlowTaskId, JsonValue, Reference, StoredOutput, TaskFailure } from '@tasked/core';
import { MAX_RESOLVED_CHARS } from './flow-limits.ts';
import { followPath } from './output-path.ts';
import { shorten } from './show-value.ts';

/** The outputs that references may name, by task id; one that is not there counts as `none`. */
export type Outputs = ReadonlyMap<FlowTaskId, StoredOutput>;

/** The values of the references of one attempt. Remembers the first that has none; the rest is moot then. */
export class ReferencedValues {
  readonly #outputs: Outputs;
  readonly #known = new Map<string, { readonly value: JsonValue; readonly chars: number }>();
  #chars = 0;
  #failure: TaskFailure | null = null;

  constructor(outputs: Outputs) {
    this.#outputs = outputs;
  }

  /** Why a reference could not be resolved; null while all could. */
  get failure(): TaskFailure | null {
    return this.#failure;
  }

  /** What the reference stands for; null once something has failed. */
  of(reference: Reference): JsonValue {
    if (this.#failure !== null) return null;
    let known = this.#known.get(reference.text);
    if (known === undefined) {
      const value = this.#find(reference);
      known = { value, chars: charsOf(value) };
      this.#known.set(reference.text, known);
    }
    this.#chars += known.chars;
    if (this.#chars <= MAX_RESOLVED_CHARS) return known.value;
    this.#fail(
      reference,
      `the values of this task's references exceed ${MAX_RESOLVED_CHARS} characters`,
    );
    return null;
  }

  #find(reference: Reference): JsonValue {
    const { taskId, path } = reference;
    const stored = this.#outputs.get(taskId);
    if (stored === undefined || stored.kind === 'none') {
      this.#fail(reference, `task "${taskId}" has no output (it was skipped, or did not succeed)`);
      return null;
    }
    if (stored.kind === 'too_large') {
      this.#fail(reference, `the output of task "${taskId}" is too large (${stored.bytes} bytes)`);
      return null;
    }
    const found = followPath(stored.value, path);
    if (found.kind === 'found') return found.value;
    this.#fail(reference, found.why);
    return null;
  }

  #fail(reference: Reference, why: string): void {
    this.#failure ??= {
      code: 'unresolved_reference',
      message: `${shorten(reference.text)} cannot be resolved: ${why}`,
      retryable: false,
    };
  }
}

function charsOf(value: JsonValue): number {
  if (typeof value === 'string') return value.length;
  return typeof value === 'object' && value !== null ? JSON.stringify(value).length : 8;
}
