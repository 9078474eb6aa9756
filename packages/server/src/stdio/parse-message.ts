import {
  type JSONRPCMessage,
  ProtocolErrorCode,
  parseJSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/server';

/** A value that came in as a message, or the error to answer it with. */
export type ParsedMessage =
  | { readonly kind: 'message'; readonly message: JSONRPCMessage }
  | { readonly kind: 'refused'; readonly answer: RefusalAnswer };

/** A text that came in: one message, or several at once. */
export type ParsedText =
  | ParsedMessage
  | { readonly kind: 'batch'; readonly messages: readonly ParsedMessage[] };

/** A JSON-RPC error; `id` is null when the sender's cannot be told. */
export interface RefusalAnswer {
  readonly jsonrpc: '2.0';
  readonly id: RequestId | null;
  readonly error: { readonly code: number; readonly message: string };
}

/** Most messages that may come at once; each costs an answer. */
const MAX_BATCH = 100;

/** Reads a JSON-RPC message or a batch of them. */
export function parseText(text: string): ParsedText {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(BYTE_ORDER_MARK, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refused(ProtocolErrorCode.ParseError, `this is no JSON: ${reason}`, null);
  }
  if (!Array.isArray(json)) return parseMessage(json);
  if (json.length === 0 || json.length > MAX_BATCH) {
    const message = `a batch has 1 to ${MAX_BATCH} messages`;
    return refused(ProtocolErrorCode.InvalidRequest, message, null);
  }
  return { kind: 'batch', messages: json.map(parseMessage) };
}

const BYTE_ORDER_MARK = /^\uFEFF/;

function parseMessage(json: unknown): ParsedMessage {
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
