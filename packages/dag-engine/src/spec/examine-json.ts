import { MAX_JSON_DEPTH, MAX_TASK_BYTES } from './flow-limits.ts';
import type { JsonPath } from './json-path.ts';
import { kindOf } from './show-value.ts';

/** Why a value cannot be carried as JSON, and where. */
export interface JsonFlaw {
  readonly path: JsonPath;
  readonly message: string;
  readonly found: unknown;
}

/** A value's compact JSON, `too_large` without looking at all of it, or why it has none. */
export type JsonExam =
  | { readonly kind: 'sound'; readonly json: string }
  | { readonly kind: 'flawed'; readonly flaws: readonly JsonFlaw[] }
  | { readonly kind: 'too_large' };

/**
 * Makes sure that a value is JSON as we keep it: null, booleans, finite numbers, well-formed texts, lists
 * and plain objects, nested at most {@link MAX_JSON_DEPTH} deep, within {@link MAX_TASK_BYTES}.
 */
export function examineJson(value: unknown): JsonExam {
  const walk = new Walk();
  walk.visit(value);
  if (walk.flaws.length > 0) return { kind: 'flawed', flaws: walk.flaws };
  if (walk.isTooLarge) return { kind: 'too_large' };
  return { kind: 'sound', json: JSON.stringify(value) };
}

class Walk {
  readonly flaws: JsonFlaw[] = [];
  readonly #path: (string | number)[] = [];
  /** What the JSON takes at least; without it, lists that share their items could keep us busy for ever. */
  #leastBytes = 0;

  get isTooLarge(): boolean {
    return this.#leastBytes > MAX_TASK_BYTES;
  }

  visit(value: unknown): void {
    this.#leastBytes += 1;
    if (this.isTooLarge) return;
    if (typeof value === 'string') this.#visitText(value, value);
    else if (typeof value === 'number') {
      if (!Number.isFinite(value)) this.#flaw(`is no JSON: ${String(value)}`, value);
    } else if (typeof value === 'object' && value !== null) this.#visitNested(value);
    else if (typeof value !== 'boolean' && value !== null) {
      this.#flaw(`is no JSON: ${kindOf(value)}`, value);
    }
  }

  #visitNested(value: object): void {
    if (this.#path.length >= MAX_JSON_DEPTH) {
      this.#flaw(`is nested more than ${MAX_JSON_DEPTH} deep`, undefined);
    } else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) this.#step(index, value[index]);
    } else if (isPlain(value)) {
      for (const key of Object.keys(value)) {
        this.#visitText(key, key);
        this.#step(key, (value as Readonly<Record<string, unknown>>)[key]);
      }
    } else this.#flaw('is no JSON: an object of a class', value);
  }

  #step(step: string | number, value: unknown): void {
    if (this.isTooLarge) return;
    this.#path.push(step);
    this.visit(value);
    this.#path.pop();
  }

  #visitText(text: string, found: unknown): void {
    this.#leastBytes += text.length;
    if (!text.isWellFormed())
      this.#flaw('has half a surrogate pair, which is no Unicode text', found);
  }

  #flaw(message: string, found: unknown): void {
    this.flaws.push({ path: [...this.#path], message, found });
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
