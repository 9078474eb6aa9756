import type { JsonObject, JsonValue } from '@tasked/core';
import type { JsonPath } from './json-path.ts';

/** What every reference begins with. */
const OPENING = '${tasks.';

/** False when the text (or the JSON that contains it) surely has no reference, well-formed or not. */
export function mayHoldReferences(text: string): boolean {
  return text.includes(OPENING);
}

/** What {@link visitTexts} reports. */
export interface TextVisitor {
  /** Called with every text that is a value. `path` is only good during the call. */
  text(text: string, path: JsonPath): void;
  /** Called with every key of an object, `path` being the object's. */
  key?(key: string, path: JsonPath): void;
}

/** Shows every text of a JSON value, in order; recursive, so {@link MAX_JSON_DEPTH} MUST hold. */
export function visitTexts(value: JsonValue, visitor: TextVisitor): void {
  visit(value, [], visitor);
}

function visit(value: JsonValue, path: (string | number)[], visitor: TextVisitor): void {
  if (typeof value === 'string') {
    visitor.text(value, path);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.push(index);
      visit(value[index] as JsonValue, path, visitor);
      path.pop();
    }
    return;
  }
  for (const key of Object.keys(value)) {
    visitor.key?.(key, path);
    path.push(key);
    visit((value as JsonObject)[key] as JsonValue, path, visitor);
    path.pop();
  }
}
