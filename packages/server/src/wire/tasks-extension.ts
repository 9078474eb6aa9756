import {
  type ClientCapabilities,
  ProtocolError,
  type ServerContext,
} from '@modelcontextprotocol/server';

/** Tasks in protocol 2026-07-28. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** Which task a message of protocol 2025-11-25 belongs to. */
export const RELATED_TASK = 'io.modelcontextprotocol/related-task';

/** JSON-RPC's code for a capability that the client did not declare (2026-07-28, "Error codes"). */
const MISSING_CAPABILITY = -32021;

/** What the client of this request of protocol 2026-07-28 declared. */
export function declaredCapabilities({ mcpReq }: ServerContext): ClientCapabilities | undefined {
  // The SDK has checked it, and its types leave it out.
  const envelope = mcpReq.envelope as Readonly<Record<string, unknown>> | undefined;
  return envelope?.['io.modelcontextprotocol/clientCapabilities'] as ClientCapabilities | undefined;
}

/** True when the client of this request can take a task for an answer. */
export function declaresTasks(context: ServerContext): boolean {
  return declaredCapabilities(context)?.extensions?.[TASKS_EXTENSION] !== undefined;
}

/** The error for a client that did not declare the extension. */
export function missingTasksExtension(): ProtocolError {
  const data = { requiredCapabilities: { extensions: { [TASKS_EXTENSION]: {} } } };
  const message = `declare the extension ${TASKS_EXTENSION} with the request`;
  return new ProtocolError(MISSING_CAPABILITY, message, data);
}
