import type { Owner } from '@tasked/core';
import { HeldCalls } from '../held-calls.ts';
import type { RequestOrigin, ServedTasks } from '../server/create-tool-server.ts';
import type { ServerTool } from '../server/server-tool.ts';
import { DeferredTasks } from '../tasks/deferred-tasks.ts';
import { FlowTasks } from '../tasks/flow-tasks.ts';
import { Questions } from '../wire/questions.ts';
import type { TaskWire } from '../wire/task-wire.ts';
import { durableServerTools } from './durable-server-tool.ts';
import type { DurableTool } from './durable-tool.ts';
import { type TaskToolsOptions, taskTools } from './task-tools.ts';

/** What durable tools are served with. */
export interface DurableToolsOptions extends TaskToolsOptions, Omit<ServedTasks, 'source'> {
  readonly tools: readonly DurableTool[];
  /** Whose calls they are: one owner, or found from what the transport knows of a request. */
  readonly owner: Owner | ((origin: RequestOrigin) => Owner);
  /** How long flows are kept after their end, if they are ever removed. */
  readonly retentionMs?: number;
  /** How many calls of one owner may wait for news at once where they are mounted; 1,000 if omitted. */
  readonly maxHeldCalls?: number;
}

/**
 * Durable tools as a server serves them, with the tools by which clients without tasks follow their runs. Made once in a
 * process, for `createToolServer({ tools, tasks, owner })`, or for {@link mountDurableTools} on any server.
 */
export class DurableTools {
  readonly tools: readonly ServerTool[];
  readonly tasks: ServedTasks;
  readonly owner: DurableToolsOptions['owner'];
  readonly logger: DurableToolsOptions['logger'];
  readonly #stopping = new AbortController();
  readonly #questions: Questions;
  readonly #held: HeldCalls;

  constructor(options: DurableToolsOptions) {
    const { flows, logger, owner, secret, retentionMs } = options;
    this.tools = [...durableServerTools(options.tools, { flows, logger }), ...taskTools(options)];
    const kept = retentionMs === undefined ? {} : { retentionMs };
    const source = Promise.resolve(flows).then(
      (opened) => new FlowTasks({ flows: opened, ...kept }),
    );
    this.tasks = {
      source: new DeferredTasks(source),
      ...(secret === undefined ? {} : { secret }),
    };
    this.owner = owner;
    this.logger = logger;
    this.#questions = new Questions(secret);
    this.#held = new HeldCalls(options.maxHeldCalls);
  }

  /** What the methods of tasks work on, the same for every mount. */
  get wire(): TaskWire {
    const { tasks, logger } = this;
    const stopping = this.#stopping.signal;
    return { source: tasks.source, questions: this.#questions, logger, held: this.#held, stopping };
  }

  /** Lets calls that are held answer at once, now and from now on: the process is about to stop. */
  release(): void {
    this.#stopping.abort();
  }
}
