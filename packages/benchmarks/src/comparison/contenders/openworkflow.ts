import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OpenWorkflow, type Worker } from 'openworkflow';
import { BackendPostgres } from 'openworkflow/postgres';
import { BackendSqlite } from 'openworkflow/sqlite';
import type { Contender, Place, RunnerSettings } from '../contender.ts';

/** How many runs are submitted at once, since there is no call for several. */
const AT_ONCE = 50;

/** Opens openworkflow on PostgreSQL. */
export async function openOpenWorkflowPostgres({ postgresUrl }: Place): Promise<Contender> {
  return new OpenWorkflowContender(await BackendPostgres.connect(postgresUrl));
}

/** Opens openworkflow on SQLite. */
export async function openOpenWorkflowSqlite({ directory }: Place): Promise<Contender> {
  return new OpenWorkflowContender(BackendSqlite.connect(join(directory, 'openworkflow.sqlite')));
}

type Backend = BackendPostgres | BackendSqlite;

class OpenWorkflowContender implements Contender {
  readonly #backend: Backend;
  readonly #workflows: ReturnType<typeof define>;
  readonly #client: OpenWorkflow;
  #worker: Worker | null = null;
  #work: RunnerSettings['work'] = () => undefined;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.#client = new OpenWorkflow({ backend });
    this.#workflows = define(this.#client, () => this.#work());
  }

  async enqueue(jobs: number): Promise<void> {
    for (let left = jobs; left > 0; left -= AT_ONCE) {
      const length = Math.min(left, AT_ONCE);
      await Promise.all(Array.from({ length }, (_, id) => this.#workflows.noop.run({ id })));
    }
  }

  async start({ slots, work }: RunnerSettings): Promise<void> {
    this.#work = work;
    this.#worker = this.#client.newWorker({ concurrency: slots });
    await this.#worker.start();
  }

  async settled(): Promise<void> {
    for (;;) {
      const { pending, running } = await this.#backend.countWorkflowRuns();
      if (pending + running === 0) return;
      await sleep(1);
    }
  }

  async chain(length: number): Promise<void> {
    await this.#workflows.chain.run({ length });
    await this.settled();
  }

  async fan(width: number): Promise<void> {
    await this.#workflows.fan.run({ width });
    await this.settled();
  }

  async stop(): Promise<void> {
    await this.#worker?.stop();
    await this.#backend.stop();
  }
}

function define(client: OpenWorkflow, work: RunnerSettings['work']) {
  const step = (name: string) => ({ name });
  return {
    noop: client.defineWorkflow<{ id: number }, object>({ name: 'noop' }, async ({ input }) => {
      await work();
      return input;
    }),
    chain: client.defineWorkflow<{ length: number }, null>({ name: 'chain' }, async (run) => {
      for (let hop = 0; hop < run.input.length; hop++) {
        await run.step.run(step(`hop-${hop}`), () => ({ hop }));
      }
      return null;
    }),
    fan: client.defineWorkflow<{ width: number }, null>({ name: 'fan' }, async (run) => {
      await run.step.run(step('root'), () => ({}));
      const leaves = Array.from({ length: run.input.width }, (_, leaf) =>
        run.step.run(step(`leaf-${leaf}`), () => ({ leaf })),
      );
      await Promise.all(leaves);
      await run.step.run(step('join'), () => ({}));
      return null;
    }),
  };
}
