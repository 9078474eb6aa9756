import { setTimeout as sleep } from 'node:timers/promises';
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import {
  type Contender,
  type Lane,
  NARROW,
  type Place,
  type RunnerSettings,
} from '../contender.ts';

/** How many workflows are enqueued at once, since there is no call for several. */
const AT_ONCE = 20;

/** Opens DBOS. */
export async function openDbos(place: Place): Promise<Contender> {
  await DBOS.migrate(place.postgresUrl);
  const client = await DBOSClient.create({ systemDatabaseUrl: place.postgresUrl });
  return new DbosContender(place, client);
}

/** Registered once for each process. */
let work: RunnerSettings['work'] = () => undefined;

const noop = DBOS.registerWorkflow(
  async (id: number) => {
    await work();
    return { id };
  },
  { name: 'noop' },
);

const chain = DBOS.registerWorkflow(
  async (length: number) => {
    for (let hop = 0; hop < length; hop++) {
      await DBOS.runStep(async () => ({ hop }), { name: 'hop' });
    }
  },
  { name: 'chain' },
);

const fan = DBOS.registerWorkflow(
  async (width: number) => {
    await DBOS.runStep(async () => ({}), { name: 'root' });
    const leaf = (id: number) => DBOS.runStep(async () => ({ id }), { name: 'leaf' });
    await Promise.all(Array.from({ length: width }, (_, id) => leaf(id)));
    await DBOS.runStep(async () => ({}), { name: 'join' });
  },
  { name: 'fan' },
);

class DbosContender implements Contender {
  readonly #place: Place;
  readonly #client: DBOSClient;

  constructor(place: Place, client: DBOSClient) {
    this.#place = place;
    this.#client = client;
  }

  async enqueue(jobs: number, lane: Lane): Promise<void> {
    const options = { queueName: lane, workflowName: 'noop' };
    for (let left = jobs; left > 0; left -= AT_ONCE) {
      const length = Math.min(left, AT_ONCE);
      await Promise.all(
        Array.from({ length }, (_, id) => this.#client.enqueue<typeof noop>(options, id)),
      );
    }
  }

  async start(runner: RunnerSettings): Promise<void> {
    work = runner.work;
    DBOS.setConfig({
      name: 'bench',
      systemDatabaseUrl: this.#place.postgresUrl,
      systemDatabasePoolSize: 20,
      executorID: `bench-${process.pid}`,
      logLevel: 'error',
    });
    await DBOS.launch();
    const polling = { minPollingIntervalMs: 10, onConflict: 'always_update' } as const;
    await DBOS.registerQueue('wide', { ...polling, workerConcurrency: runner.slots });
    await DBOS.registerQueue('narrow', { ...polling, globalConcurrency: NARROW });
  }

  async settled(): Promise<void> {
    for (;;) {
      const left = await this.#client.listWorkflows({ status: ['ENQUEUED', 'PENDING'], limit: 1 });
      if (left.length === 0) return;
      await sleep(1);
    }
  }

  async chain(length: number): Promise<void> {
    const handle = await DBOS.startWorkflow(chain)(length);
    await handle.getResult();
  }

  async fan(width: number): Promise<void> {
    const handle = await DBOS.startWorkflow(fan)(width);
    await handle.getResult();
  }

  async stop(): Promise<void> {
    if (DBOS.isInitialized()) await DBOS.shutdown();
    await this.#client.destroy();
  }
}
