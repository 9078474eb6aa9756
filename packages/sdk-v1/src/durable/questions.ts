import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CreateMessageResultSchema,
  ElicitResultSchema,
  ListRootsResultSchema,
  RELATED_TASK_META_KEY,
  ResultSchema,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import type { InputRequests, JsonObject, JsonValue, Logger, Owner } from '@tasked/core';
import { acceptedBy, type TaskSource, type TaskView } from '@tasked/server';
import type { Extra } from './below-server.ts';

/** People think for as long as they want; the longest that a timer of Node waits. */
const LONGEST_MS = 2 ** 31 - 1;

const ANSWERS = {
  'elicitation/create': ElicitResultSchema,
  'sampling/createMessage': CreateMessageResultSchema,
  'roots/list': ListRootsResultSchema,
} as const;

/** A request in whose stream questions can be asked. */
export interface AskingRequest {
  readonly server: Server;
  readonly extra: Extra;
  readonly owner: Owner;
}

/** Questions of one request. */
export interface QuestionStream {
  /** Asks what is outstanding and was not asked before, and withdraws what somebody else answered. */
  ask(view: TaskView): void;
  /** Withdraws what nobody answered. */
  end(): void;
}

/**
 * What tasks ask of their clients, in the stream of their `tasks/result`. A question goes to one stream of a server, thus of
 * a session, at a time: of another session it is unknown whether its client still listens. One that was not answered is
 * still open, and asked again in the next, also of another process.
 */
export class Questions {
  readonly #source: TaskSource;
  readonly #logger: Logger;
  readonly #open = new Set<string>();

  constructor(source: TaskSource, logger: Logger) {
    this.#source = source;
    this.#logger = logger;
  }

  /** The questions of one request, until it ends. */
  stream(request: AskingRequest): QuestionStream {
    /** By key; null once it was asked and there is nothing more to wait for. */
    const asked = new Map<string, AbortController | null>();
    const withdraw = (keep: InputRequests) => {
      for (const [key, asking] of asked) if (!Object.hasOwn(keep, key)) asking?.abort();
    };
    return {
      ask: (view) => {
        withdraw(view.inputRequests);
        for (const [key, question] of Object.entries(view.inputRequests)) {
          const id = JSON.stringify([request.owner, view.id, key]);
          if (asked.has(key) || this.#open.has(id) || !canBeAsked(request, question)) continue;
          const asking = new AbortController();
          asked.set(key, asking);
          this.#open.add(id);
          void this.#answered(request, { view, key, question, signal: asking.signal }).finally(
            () => {
              asked.set(key, null);
              this.#open.delete(id);
            },
          );
        }
      },
      end: () => withdraw({}),
    };
  }

  async #answered({ extra, owner }: AskingRequest, asked: Asked): Promise<void> {
    const { view, key, question, signal } = asked;
    try {
      const request = withTask(question, view.id);
      const schema = ANSWERS[request.method as keyof typeof ANSWERS] ?? ResultSchema;
      const answer = await extra.sendRequest(request, schema, { signal, timeout: LONGEST_MS });
      await this.#source.answerInput(owner, view.id, { [key]: answer as JsonValue });
    } catch (error) {
      this.#logger.debug('a question was not answered', { task: view.id, key, error });
    }
  }
}

interface Asked {
  readonly view: TaskView;
  readonly key: string;
  readonly question: JsonObject;
  readonly signal: AbortSignal;
}

function withTask({ method, params }: JsonObject, taskId: string): ServerRequest {
  const others = params as { readonly _meta?: object } | undefined;
  const _meta = { ...others?._meta, [RELATED_TASK_META_KEY]: { taskId } };
  return { method, params: { ...others, _meta } } as unknown as ServerRequest;
}

/** What the client declared is known of connections only; over stateless HTTP it is asked, and may say no. */
function canBeAsked({ server }: AskingRequest, question: JsonObject): boolean {
  const capabilities = server.getClientCapabilities();
  type Declared = Parameters<typeof acceptedBy>[0];
  return capabilities === undefined || acceptedBy(capabilities as Declared)(question);
}
