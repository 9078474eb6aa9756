import type { Readable, Writable } from 'node:stream';
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCRequest,
  ProtocolErrorCode,
  type RequestId,
  type Transport,
} from '@modelcontextprotocol/server';
import { Batch } from './batch.ts';
import { detectFraming, type Framing } from './framing.ts';
import type { Introduction } from './introduction.ts';
import { LineFraming } from './line-framing.ts';
import { type ParsedMessage, parseText, refusal } from './parse-message.ts';

/** Longest message; the engine takes flows of 16 MiB, which JSON escapes may lengthen. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Takes an answer if it is one to a question of its own. */
export type TakeAnswer = (message: JSONRPCMessage) => Promise<boolean>;

/** What the transport works with. */
export interface StdioTransportParts {
  readonly input: Readable;
  readonly output: Writable;
  /** Hears what is asked and answered. */
  readonly introduction: Introduction;
  /** Is offered every answer of the client. */
  readonly takeAnswer: TakeAnswer;
}

const EMPTY = Buffer.alloc(0);

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
  readonly #introduction: Introduction;
  readonly #takeAnswer: TakeAnswer;
  /** What came in before the framing could be told. */
  #first: Buffer = EMPTY;
  #framing: Framing | null = null;
  readonly #open = new Set<RequestId>();
  /** The batches of open requests that came in one. */
  readonly #batches = new Map<RequestId, Batch>();
  readonly #onAnswered: (() => void)[] = [];
  #end: () => void = () => {};
  #closed = false;

  constructor({ input, output, introduction, takeAnswer }: StdioTransportParts) {
    this.#input = input;
    this.#output = output;
    this.#introduction = introduction;
    this.#takeAnswer = takeAnswer;
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
    if ('method' in message || message.id === undefined) return await this.#write(message);
    const batch = this.#batches.get(message.id);
    if (batch === undefined) await this.#write(message);
    else {
      batch.answer(message.id, message);
      await this.#writeComplete(batch);
    }
    this.#settled(message.id);
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
    if (this.#framing === null) this.#detect(chunk);
    else this.#push(this.#framing, chunk);
  }

  #detect(chunk: Buffer): void {
    const first = Buffer.concat([this.#first, chunk]);
    this.#framing = detectFraming(first, MAX_MESSAGE_BYTES);
    // Blank space before the first message is no part of it.
    this.#first = this.#framing === null && first.toString().trim() === '' ? EMPTY : first;
    if (this.#framing !== null) this.#push(this.#framing, first);
  }

  #push(framing: Framing, chunk: Buffer): void {
    for (const text of framing.push(chunk)) this.#receive(text);
    if (framing.pendingBytes <= MAX_MESSAGE_BYTES) return;
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
    const parsed = parseText(text);
    if (parsed.kind === 'batch') this.#receiveBatch(parsed.messages);
    else if (parsed.kind === 'refused') void this.#write(parsed.answer);
    else this.#receiveMessage(parsed.message);
  }

  #receiveBatch(parsed: readonly ParsedMessage[]): void {
    const messages = parsed.flatMap((each) => (each.kind === 'message' ? [each.message] : []));
    const ids = messages.filter(isJSONRPCRequest).map(({ id }) => id);
    const batch = new Batch(ids);
    for (const id of ids) this.#batches.set(id, batch);
    for (const each of parsed) if (each.kind === 'refused') batch.refuse(each.answer);
    for (const message of messages) this.#receiveMessage(message);
    if (ids.length === 0) void this.#writeComplete(batch);
  }

  #receiveMessage(message: JSONRPCMessage): void {
    if (!('method' in message)) {
      void this.#receiveAnswer(message);
      return;
    }
    if (isJSONRPCRequest(message)) this.#received(message);
    this.onmessage?.(message);
    if (!isJSONRPCNotification(message) || message.method !== 'notifications/cancelled') return;
    const id = message.params?.requestId as RequestId;
    const batch = this.#batches.get(id);
    if (batch !== undefined) {
      batch.drop(id);
      void this.#writeComplete(batch);
    }
    this.#settled(id);
  }

  async #receiveAnswer(message: JSONRPCMessage): Promise<void> {
    try {
      if (!(await this.#takeAnswer(message))) this.onmessage?.(message);
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #writeComplete(batch: Batch): Promise<void> {
    if (batch.isComplete && batch.answers !== null) await this.#write(batch.answers);
  }

  #write(message: object): Promise<void> {
    if (!this.#output.writable) return Promise.resolve();
    const framing = this.#framing ?? new LineFraming();
    return new Promise((resolve) => {
      // An error comes by the stream's event as well, and ends the connection there.
      this.#output.write(framing.frame(JSON.stringify(message)), () => resolve());
    });
  }

  #received(request: JSONRPCRequest): void {
    this.#open.add(request.id);
    this.#introduction.received(request);
  }

  #settled(id: RequestId): void {
    this.#introduction.answered(id);
    this.#open.delete(id);
    this.#batches.delete(id);
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
