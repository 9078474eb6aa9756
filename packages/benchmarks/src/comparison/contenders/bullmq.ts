import { setTimeout as sleep } from 'node:timers/promises';
import { FlowProducer, type Job, Queue, Worker } from 'bullmq';
import {
  type Contender,
  type Lane,
  NARROW,
  type Place,
  type RunnerSettings,
} from '../contender.ts';

/** How many jobs one `addBulk` stores. */
const BATCH = 5_000;

/** Opens BullMQ on the Redis of the place. */
export async function openBullmq({ redisPort }: Place): Promise<Contender> {
  if (redisPort === null) throw new Error('BullMQ needs a Redis');
  const contender = new BullContender({ host: '127.0.0.1', port: redisPort });
  await contender.prepare();
  return contender;
}

interface Connection {
  readonly host: string;
  readonly port: number;
}

class BullContender implements Contender {
  readonly #connection: Connection & { readonly maxRetriesPerRequest: null };
  readonly #queues: Readonly<Record<Lane, Queue>>;
  readonly #flows: FlowProducer;
  #workers: readonly Worker[] = [];
  #done: () => void = () => {};

  constructor(connection: Connection) {
    this.#connection = { ...connection, maxRetriesPerRequest: null };
    const defaultJobOptions = {
      removeOnComplete: { count: 1_000 },
      removeOnFail: { count: 1_000 },
    };
    const options = { connection: this.#connection, defaultJobOptions };
    this.#queues = { wide: new Queue('wide', options), narrow: new Queue('narrow', options) };
    this.#flows = new FlowProducer({ connection: this.#connection });
  }

  async prepare(): Promise<void> {
    await this.#queues.narrow.setGlobalConcurrency(NARROW);
  }

  async enqueue(jobs: number, lane: Lane): Promise<void> {
    const queue = this.#queues[lane];
    if (jobs === 1) {
      await queue.add('noop', { id: 0 });
      return;
    }
    for (let from = 0; from < jobs; from += BATCH) {
      const length = Math.min(BATCH, jobs - from);
      await queue.addBulk(
        Array.from({ length }, (_, index) => ({ name: 'noop', data: { id: from + index } })),
      );
    }
  }

  async start({ slots, work }: RunnerSettings): Promise<void> {
    const connection = this.#connection;
    const run = (job: Job) => this.#run(job, work);
    this.#workers = [
      new Worker('wide', run, { connection, concurrency: slots }),
      new Worker('narrow', run, { connection, concurrency: NARROW }),
    ];
    await Promise.all(this.#workers.map((worker) => worker.waitUntilReady()));
  }

  async settled(): Promise<void> {
    for (const queue of Object.values(this.#queues)) {
      while ((await queue.getJobCountByTypes('wait', 'active', 'waiting-children')) > 0)
        await sleep(1);
    }
  }

  async chain(length: number): Promise<void> {
    const ended = this.#ended();
    await this.#queues.wide.add('hop', { left: length - 1 });
    await ended;
  }

  async fan(width: number): Promise<void> {
    const ended = this.#ended();
    await this.#queues.wide.add('root', { width });
    await ended;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
    await Promise.all(Object.values(this.#queues).map((queue) => queue.close()));
    await this.#flows.close();
  }

  async #run(job: Job, work: RunnerSettings['work']): Promise<unknown> {
    switch (job.name) {
      case 'noop':
        await work();
        break;
      case 'hop':
        if (job.data.left === 0) this.#done();
        else await this.#queues.wide.add('hop', { left: job.data.left - 1 });
        break;
      case 'root':
        await this.#flows.add(joined(job.data.width));
        break;
      case 'join':
        this.#done();
    }
    return job.data;
  }

  #ended(): Promise<void> {
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }
}

function joined(width: number) {
  const opts = { removeOnComplete: true };
  const children = Array.from({ length: width }, (_, id) => ({
    name: 'leaf',
    queueName: 'wide',
    data: { id },
    opts,
  }));
  return { name: 'join', queueName: 'wide', data: {}, children, opts };
}
