import type { JsonObject, JsonValue } from '@tasked/core';
import { isObject } from '../is-object.ts';

/** The result of a tool as both generations of the SDK know it, and as it is stored. */
export interface ToolResultJson {
  readonly content: readonly JsonObject[];
  readonly structuredContent?: JsonObject;
  readonly isError?: boolean;
  readonly _meta?: JsonObject;
}

/**
 * What a durable tool returned, as the result of a tool: a result stays what it is, a text is its text, any other value is
 * compact JSON, and an object is structured content as well. Depends on nothing but the value, so that every process
 * shows a stored one alike.
 */
export function toolResultJson(returned: JsonValue): ToolResultJson {
  if (isToolResult(returned)) return returned;
  if (returned === null) return { content: [] };
  if (typeof returned === 'string') return { content: [{ type: 'text', text: returned }] };
  const content = [{ type: 'text', text: JSON.stringify(returned) }];
  return isObject(returned) ? { content, structuredContent: returned } : { content };
}

/** True for an object with a list of content blocks. */
export function isToolResult(value: unknown): value is ToolResultJson {
  if (!isObject(value) || !Array.isArray(value.content)) return false;
  return value.content.every((block) => isObject(block) && typeof block.type === 'string');
}
