import {
  type JSONRPCMessage,
  ProtocolErrorCode,
  parseJSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/server';

/** A text that came in as a message, or the error to answer it with. */
export type ParsedMessage =
  | { readonly kind: 'message'; readonly message: JSONRPCMessage }
  | { readonly kind: 'refused'; readonly answer: RefusalAnswer };

/** A JSON-RPC error; `id` is null when the sender's cannot be told. */
export interface RefusalAnswer {
  readonly jsonrpc: '2.0';
  readonly id: RequestId | null;
  readonly error: { readonly code: number; readonly message: string };
}

/** Reads one JSON-RPC message. */
export function parseMessage(text: string): ParsedMessage {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refused(ProtocolErrorCode.ParseError, `this is no JSON: ${reason}`, null);
  }
  try {
    return { kind: 'message', message: parseJSONRPCMessage(json) };
  } catch {
    return refused(ProtocolErrorCode.InvalidRequest, 'this is no JSON-RPC 2.0 message', idOf(json));
  }
}

/** The answer to what is no message. */
export function refusal(code: number, message: string, id: RequestId | null): RefusalAnswer {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

function refused(code: number, message: string, id: RequestId | null): ParsedMessage {
  return { kind: 'refused', answer: refusal(code, message, id) };
}

function idOf(json: unknown): RequestId | null {
  const id = typeof json === 'object' && json !== null && 'id' in json ? json.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
