import { setTimeout as sleep } from 'node:timers/promises';
import {
  type JobHelpers,
  Logger,
  makeWorkerUtils,
  type Runner,
  type RunnerOptions,
  run,
  type WorkerUtils,
} from 'graphile-worker';
import type { Contender, Place, RunnerSettings } from '../contender.ts';

/** How many jobs one `addJobs` stores. */
const BATCH = 5_000;

/** Opens graphile-worker with `localQueue` jobs in flight. */
export async function openGraphileWorker(place: Place, localQueue: number): Promise<Contender> {
  const utils = await makeWorkerUtils({ preset: preset(place, localQueue) });
  await utils.migrate();
  await utils.withPgClient((client) =>
    client.query('create table if not exists counter (id int primary key, open int not null)'),
  );
  return new GraphileContender(preset(place, localQueue), utils);
}

class GraphileContender implements Contender {
  readonly #preset: Preset;
  readonly #utils: WorkerUtils;
  #runner: Runner | null = null;
  #done: () => void = () => {};

  constructor(preset: Preset, utils: WorkerUtils) {
    this.#preset = preset;
    this.#utils = utils;
  }

  async enqueue(jobs: number): Promise<void> {
    for (let from = 0; from < jobs; from += BATCH)
      await this.#utils.addJobs(many('noop', from, Math.min(jobs, from + BATCH)));
  }

  async start({ work }: RunnerSettings): Promise<void> {
    this.#runner = await run({
      preset: this.#preset,
      noHandleSignals: true,
      taskList: {
        noop: () => work(),
        hop: (payload, helpers) => this.#hop(payload as { left: number }, helpers),
        root: (payload, helpers) => root(payload as { width: number }, helpers),
        leaf: (_payload, helpers) => leaf(helpers),
        join: () => this.#done(),
      },
    });
  }

  async settled(): Promise<void> {
    while (await this.#anyLeft()) await sleep(1);
  }

  async chain(length: number): Promise<void> {
    const ended = this.#ended();
    await this.#utils.addJob('hop', { left: length - 1 });
    await ended;
  }

  async fan(width: number): Promise<void> {
    const ended = this.#ended();
    await this.#utils.addJob('root', { width });
    await ended;
  }

  async stop(): Promise<void> {
    await this.#runner?.stop();
    await this.#utils.release();
  }

  async #hop({ left }: { left: number }, helpers: JobHelpers): Promise<void> {
    if (left === 0) this.#done();
    else await helpers.addJob('hop', { left: left - 1 });
  }

  #ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  async #anyLeft(): Promise<boolean> {
    const { rows } = await this.#utils.withPgClient((client) =>
      client.query<{ any: boolean }>('select exists (select from graphile_worker.jobs) as any'),
    );
    return rows[0]?.any === true;
  }
}

async function root({ width }: { width: number }, helpers: JobHelpers): Promise<void> {
  await helpers.query(
    'insert into counter values (1, $1) on conflict (id) do update set open = excluded.open',
    [width],
  );
  await helpers.addJobs(many('leaf', 0, width));
}

async function leaf(helpers: JobHelpers): Promise<void> {
  const { rows } = await helpers.query<{ open: number }>(
    'update counter set open = open - 1 where id = 1 returning open',
  );
  if (rows[0]?.open === 0) await helpers.addJob('join', {});
}

function many(identifier: string, from: number, to: number) {
  return Array.from({ length: to - from }, (_, index) => ({
    identifier,
    payload: { id: from + index },
  }));
}

type Preset = NonNullable<RunnerOptions['preset']>;

function preset({ postgresUrl }: Place, localQueue: number): Preset {
  return {
    worker: {
      connectionString: postgresUrl,
      concurrentJobs: 24,
      maxPoolSize: 25,
      localQueue: { size: localQueue },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
      logger: new Logger(() => () => {}),
    },
  };
}
