import { setTimeout as sleep } from 'node:timers/promises';
import { type FlowJob, type Job, PgBoss, type WorkOptions } from 'pg-boss';
import {
  type Contender,
  type Lane,
  NARROW,
  type Place,
  type RunnerSettings,
} from '../contender.ts';

/** How many jobs one `insert` stores. */
const BATCH = 5_000;

/** How leaves are joined: by its own dependencies, or by a row that counts those that are left. */
type Join = 'flow' | 'counter';

/** Opens pg-boss. */
export async function openPgBoss({ postgresUrl }: Place, join: Join): Promise<Contender> {
  const boss = new PgBoss({
    connectionString: postgresUrl,
    useListenNotify: true,
    schedule: false,
    flowIntervalSeconds: 1,
  });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  for (const queue of ['wide', 'narrow', 'hop', 'root', 'leaf', 'join']) {
    await boss.createQueue(queue, { notify: true });
  }
  await boss
    .getDb()
    .executeSql('create table if not exists counter (id int primary key, open int not null)');
  return new PgBossContender(boss, join);
}

class PgBossContender implements Contender {
  readonly #boss: PgBoss;
  readonly #join: Join;
  #done: () => void = () => {};

  constructor(boss: PgBoss, join: Join) {
    this.#boss = boss;
    this.#join = join;
  }

  async enqueue(jobs: number, lane: Lane): Promise<void> {
    const group = lane === 'narrow' ? { group: { id: 'narrow' } } : {};
    if (jobs === 1) await this.#boss.send(lane, { id: 0 }, group);
    else await this.#insert(lane, jobs, group);
  }

  async start({ slots, work }: RunnerSettings): Promise<void> {
    const wide: WorkOptions =
      slots > 100
        ? { batchSize: 100, localConcurrency: Math.ceil(slots / 100), ...BURST }
        : { batchSize: slots, ...BURST };
    const run = async (jobs: Job[]) => {
      await Promise.all(jobs.map(async () => work()));
    };
    await this.#boss.work('wide', wide, run);
    const narrow = { batchSize: 1, localConcurrency: NARROW, groupConcurrency: NARROW };
    await this.#boss.work('narrow', { ...narrow, ...POLL }, run);
    await this.#boss.work<{ left: number }>('hop', ONE, ([job]) => this.#hop(job?.data.left ?? 0));
    await this.#boss.work<{ width: number }>('root', ONE, ([job]) =>
      this.#root(job?.data.width ?? 0),
    );
    const leaves = { ...BURST, batchSize: 100, localConcurrency: Math.ceil(slots / 100) };
    await this.#boss.work('leaf', leaves, ({ length }) => this.#leaves(length));
    await this.#boss.work('join', ONE, async () => this.#done());
  }

  async settled(): Promise<void> {
    while (await this.#anyLeft()) await sleep(1);
  }

  async chain(length: number): Promise<void> {
    const ended = this.#ended();
    await this.#boss.send('hop', { left: length - 1 });
    await ended;
  }

  async fan(width: number): Promise<void> {
    const ended = this.#ended();
    if (this.#join === 'flow') await this.#boss.flow(joined(width));
    else await this.#boss.send('root', { width });
    await ended;
  }

  async stop(): Promise<void> {
    await this.#boss.stop({ graceful: true, close: true });
  }

  async #hop(left: number): Promise<void> {
    if (left === 0) this.#done();
    else await this.#boss.send('hop', { left: left - 1 });
  }

  async #root(width: number): Promise<void> {
    if (this.#join === 'flow') return;
    await this.#boss
      .getDb()
      .executeSql(
        'insert into counter values (1, $1) on conflict (id) do update set open = excluded.open',
        [width],
      );
    await this.#insert('leaf', width, {});
  }

  async #leaves(count: number): Promise<void> {
    if (this.#join === 'flow') return;
    const { rows } = await this.#boss
      .getDb()
      .executeSql('update counter set open = open - $1 where id = 1 returning open', [count]);
    if (rows[0]?.open === 0) await this.#boss.send('join');
  }

  async #insert(queue: string, jobs: number, options: object): Promise<void> {
    for (let from = 0; from < jobs; from += BATCH) {
      const length = Math.min(BATCH, jobs - from);
      const batch = Array.from({ length }, (_, index) => ({
        data: { id: from + index },
        ...options,
      }));
      await this.#boss.insert(queue, batch);
    }
  }

  #ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  async #anyLeft(): Promise<boolean> {
    const { rows } = await this.#boss
      .getDb()
      .executeSql("select exists (select from pgboss.job where state < 'completed') as any");
    return rows[0]?.any === true;
  }
}

function joined(width: number): FlowJob[] {
  const leaves = Array.from({ length: width }, (_, id) => `leaf-${id}`);
  return [
    { ref: 'root', name: 'root', data: { width } },
    ...leaves.map((ref) => ({ ref, name: 'leaf', data: { ref }, dependsOn: ['root'] })),
    { ref: 'join', name: 'join', data: {}, dependsOn: leaves },
  ];
}

/** Nothing tells a worker of jobs whose dependencies have ended, so that it has to look often. */
const POLL = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5 } as const;

const BURST = { ...POLL, burstWhenBatchFull: true } as const;

const ONE = { ...POLL, batchSize: 1 } as const;
