import type { CallToolResult } from '@modelcontextprotocol/server';

/** An answer as the result of a tool: for programs, and the same as compact JSON for models. */
export function toolResult(answer: object): CallToolResult {
  return {
    content: [{ type: 'text', text: JSON.stringify(answer) }],
    structuredContent: answer as Record<string, unknown>,
  };
}
