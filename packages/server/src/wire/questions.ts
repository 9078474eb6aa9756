import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Server, ServerContext } from '@modelcontextprotocol/server';
import type { InputResponses, Owner, TaskId } from '@tasked/core';
import type { TaskView } from '../tasks/task-view.ts';
import type { GivenAnswers } from './give-answers.ts';
import { acceptedBy } from './input-kinds.ts';
import { RELATED_TASK } from './tasks-extension.ts';

/** What the JSON-RPC ids of our questions begin with. */
const PREFIX = 'tasked:';

/** An answer to a question, and to which. */
export interface TakenAnswer extends GivenAnswers {
  /** Of the question. */
  readonly id: string;
  /** None when the client could not answer: the question stays open. */
  readonly responses: InputResponses;
}

/** A request in whose stream questions can be asked. */
interface AskingRequest {
  readonly server: Server;
  readonly context: ServerContext;
  readonly owner: Owner;
}

/**
 * What tasks ask of clients of protocol 2025-11-25, in the stream of their `tasks/result`. Nothing is kept of a
 * question: its JSON-RPC id says which task asked for which input, signed for its owner, so that the answer may
 * come in any connection, and to any process that has the same secret.
 */
export class Questions {
  readonly #secret: Uint8Array;
  /** What is being asked by this process: a question goes to one stream at a time. */
  readonly #open = new Set<string>();

  /** `secret`: at least 32 bytes; random if omitted, which makes answers to another process's questions void. */
  constructor(secret: Uint8Array = randomBytes(32)) {
    this.#secret = secret;
  }

  /** The questions of one request, until it ends. */
  stream(request: AskingRequest): { ask(view: TaskView): Promise<void>; end(): void } {
    const asked = new Set<string>();
    return {
      ask: async (view) => {
        for (const [key, question] of Object.entries(view.inputRequests)) {
          const id = this.#idOf(request.owner, view.id, key);
          if (asked.has(id) || this.#open.has(id) || !canBeAsked(request, question)) continue;
          asked.add(id);
          this.#open.add(id);
          await send(request, id, { taskId: view.id, question });
        }
      },
      end: () => {
        for (const id of asked) this.#open.delete(id);
      },
    };
  }

  /**
   * What a message answers if it is an answer to a question asked of `owner`; null for any other message. A forged
   * one, and one that answers another owner's question, is no answer of anybody: `unknown`.
   */
  read(message: unknown, owner: Owner): TakenAnswer | 'unknown' | null {
    if (!isAnswer(message)) return null;
    const [, taskId, key] = ID.exec(message.id) ?? [];
    if (taskId === undefined || key === undefined) return 'unknown';
    if (!isEqual(message.id, this.#idOf(owner, taskId, keyOf(key)))) return 'unknown';
    const responses = message.result === undefined ? {} : { [keyOf(key)]: message.result };
    return { id: message.id, taskId, responses: responses as InputResponses };
  }

  /**
   * To be called when an answer was dealt with: what is outstanding all the same, because there was no answer in it, may
   * be asked in another stream. The one where it was asked does not ask again.
   */
  settle({ id }: TakenAnswer): void {
    this.#open.delete(id);
  }

  #idOf(owner: Owner, taskId: TaskId, key: string): string {
    const named = `${taskId}:${Buffer.from(key).toString('base64url')}`;
    const text = JSON.stringify([owner, named]);
    const signature = createHmac('sha256', this.#secret).update(text).digest('base64url');
    return `${PREFIX}${named}:${signature}`;
  }
}

const ID = /^tasked:([\w-]+):([\w-]+):[\w-]+$/;

/** An answer of JSON-RPC whose id is one of ours. */
interface Answer {
  readonly id: string;
  readonly result?: unknown;
}

function isAnswer(message: unknown): message is Answer {
  if (typeof message !== 'object' || message === null || 'method' in message) return false;
  return 'id' in message && typeof message.id === 'string' && message.id.startsWith(PREFIX);
}

function keyOf(encoded: string): string {
  return Buffer.from(encoded, 'base64url').toString();
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What the client declared is known of connections only; over stateless HTTP it is asked, and may say no. */
function canBeAsked({ server }: AskingRequest, question: TaskView['inputRequests'][string]) {
  const capabilities = server.getClientCapabilities();
  return capabilities === undefined || acceptedBy(capabilities)(question);
}

async function send(
  { server, context }: AskingRequest,
  id: string,
  { taskId, question }: { taskId: TaskId; question: TaskView['inputRequests'][string] },
): Promise<void> {
  const params = question.params as { readonly _meta?: object } | undefined;
  const _meta = { ...params?._meta, [RELATED_TASK]: { taskId } };
  await server.transport?.send(
    {
      jsonrpc: '2.0',
      id,
      method: String(question.method),
      params: { ...params, _meta },
    },
    { relatedRequestId: context.mcpReq.id },
  );
}
