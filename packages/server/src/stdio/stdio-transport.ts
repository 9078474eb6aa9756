import type { Readable, Writable } from 'node:stream';
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  ProtocolErrorCode,
  type RequestId,
  type Transport,
} from '@modelcontextprotocol/server';
import { detectFraming, type Framing } from './framing.ts';
import { LineFraming } from './line-framing.ts';
import { parseMessage, refusal } from './parse-message.ts';

/** Longest message; the engine takes flows of 16 MiB, which JSON escapes may lengthen. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * JSON-RPC over two streams. Unlike the SDK's transport it answers what is no JSON-RPC with an error, answers in
 * the framing it was asked in, and outlives the end of its input, so that requests which came before the end are
 * still answered: {@link ended} and {@link answered} let its owner close it then.
 */
export class StdioTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** Resolves when nothing more will come in, or nothing can go out. */
  readonly ended: Promise<void>;
  readonly #input: Readable;
  readonly #output: Writable;
  #framing: Framing | null = null;
  readonly #open = new Set<RequestId>();
  readonly #onAnswered: (() => void)[] = [];
  #end: () => void = () => {};
  #closed = false;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  async start(): Promise<void> {
    this.#input.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#input.on('end', () => this.#inputEnded());
    this.#input.on('close', () => this.#end());
    this.#input.on('error', (error) => this.#broken(error));
    this.#output.on('error', (error) => this.#broken(error));
  }

  /** Resolves when every request that came in was answered or called off. */
  async answered(): Promise<void> {
    if (this.#open.size === 0) return;
    await new Promise<void>((resolve) => this.#onAnswered.push(resolve));
  }

  /** Resolves when the message was handed over; a message to a client that is gone is dropped. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#output.writable) await this.#write(message);
    if ('id' in message && !('method' in message) && message.id !== undefined) {
      this.#settled(message.id);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.pause();
    this.#end();
    this.onclose?.();
  }

  #read(chunk: Buffer): void {
    if (this.#closed) return;
    this.#framing ??= detectFraming(chunk);
    for (const text of this.#framing.push(chunk)) this.#receive(text);
    if (this.#framing.pendingBytes <= MAX_MESSAGE_BYTES) return;
    const reason = `a message has over ${MAX_MESSAGE_BYTES} bytes`;
    void this.#write(refusal(ProtocolErrorCode.InvalidRequest, reason, null));
    this.#broken(new Error('a message was too long'));
  }

  #inputEnded(): void {
    const rest = this.#framing?.rest() ?? null;
    if (rest !== null) this.#receive(rest);
    this.#end();
  }

  #receive(text: string): void {
    const parsed = parseMessage(text);
    if (parsed.kind === 'refused') {
      void this.#write(parsed.answer);
      return;
    }
    const { message } = parsed;
    if (isJSONRPCRequest(message)) this.#open.add(message.id);
    this.onmessage?.(message);
    if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      this.#settled(message.params?.requestId as RequestId);
    }
  }

  #write(message: object): Promise<void> {
    const framing = this.#framing ?? new LineFraming();
    return new Promise((resolve) => {
      // An error comes by the stream's event as well, and ends the connection there.
      this.#output.write(framing.frame(JSON.stringify(message)), () => resolve());
    });
  }

  #settled(id: RequestId): void {
    this.#open.delete(id);
    if (this.#open.size === 0) for (const resolve of this.#onAnswered.splice(0)) resolve();
  }

  /** Nobody is there any more: what is open can no longer be answered. */
  #broken(error: Error): void {
    this.onerror?.(error);
    this.#open.clear();
    for (const resolve of this.#onAnswered.splice(0)) resolve();
    this.#end();
  }
}
