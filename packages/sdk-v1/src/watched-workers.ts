import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { fail, isTerminal, type Owner, type Task, type TaskStatus } from '@tasked/core';
import { failLost, WORKER_LOST } from './lost.ts';
import type { Worker, WorkerLife } from './worker.ts';
import { ownerOfWorkers, workerOf } from './worker-record.ts';

/** At so many looks in a row a worker that gave no sign of life is dead. */
const LOOKS = 15;

const PAGE = 100;

/** A worker that gave no sign of life for a day is dead whatever the clocks say: 86,400,000 ms. */
const FORGOTTEN_MS = 86_400_000;

const LIVE = ['working', 'input_required'] as const satisfies readonly TaskStatus[];

/** What a worker looked like, and for how many looks since. */
interface Seen {
  readonly version: number;
  readonly unchanged: number;
}

/**
 * The other processes that work on an owner's tasks. Each is looked at every `heartbeatMs`, and once it is gone its
 * tasks fail. Looks are counted and no clocks compared, so that neither a wrong clock nor a machine that slept kills
 * anybody; who is declared dead is so for good, by compare-and-set against its last sign of life.
 */
export class WatchedWorkers {
  readonly #life: WorkerLife;
  readonly #records: Owner;
  readonly #self: Worker;
  /** By worker: what calls the next look off. */
  readonly #watched = new Map<string, () => void>();
  #surveyed = false;
  #closed = false;

  constructor(life: WorkerLife, self: Worker) {
    this.#life = life;
    this.#records = ownerOfWorkers(life.owner);
    this.#self = self;
  }

  /** Looks for tasks that earlier processes left behind; once. Resolves at once, and goes on in the background. */
  survey(): void {
    if (this.#surveyed || this.#closed) return;
    this.#surveyed = true;
    this.#findLeftBehind().catch((error: unknown) => {
      this.#surveyed = false;
      this.#life.logger?.error('tasks left behind could not be looked for', { error });
    });
  }

  /** Watches whoever works on this task, unless that is this process, or nobody. */
  see(task: Task): void {
    const worker = workerOf(task);
    if (worker === null || worker === this.#self.id) return;
    if (this.#closed || this.#watched.has(worker)) return;
    this.#watched.set(worker, () => {});
    void this.#look(worker, { version: 0, unchanged: 0 });
  }

  close(): void {
    this.#closed = true;
    for (const callOff of this.#watched.values()) callOff();
    this.#watched.clear();
  }

  async #findLeftBehind(): Promise<void> {
    const { tasks, clock } = this.#life;
    for (const task of await this.#liveTasks()) this.see(task);
    // Of processes that died when their last task had ended, which nobody else would look at.
    const records = await tasks.list(this.#records, { status: 'working', limit: PAGE });
    for (const { id, lastUpdatedAt } of records.tasks) {
      if (clock.now() - lastUpdatedAt > FORGOTTEN_MS) await tasks.delete(this.#records, id);
    }
  }

  async #look(worker: string, before: Seen): Promise<void> {
    const { tasks, logger } = this.#life;
    let seen = before;
    try {
      const record = await tasks.store.getTask(worker, this.#records);
      const version = record?.version ?? 0;
      seen = { version, unchanged: version === before.version ? before.unchanged + 1 : 0 };
      if (record === null || (await this.#isDead(record, seen))) {
        await this.#failTasksOf(worker);
        this.#watched.delete(worker);
        return;
      }
    } catch (error) {
      logger?.error('a worker could not be looked at', { worker, error });
    }
    if (this.#closed) return;
    const { clock, heartbeatMs } = this.#life;
    const callOff = clock.schedule(heartbeatMs, () => void this.#look(worker, seen));
    this.#watched.set(worker, callOff);
  }

  async #isDead(record: Task, { unchanged }: Seen): Promise<boolean> {
    if (isTerminal(record.status)) return true;
    if (unchanged < LOOKS) return false;
    const { clock, tasks } = this.#life;
    const error = { code: ErrorCode.InternalError, message: WORKER_LOST };
    const change = fail(record, error, { now: clock.now() });
    return change.kind === 'changed' && (await tasks.store.updateTask(change.task, record.version));
  }

  async #failTasksOf(worker: string): Promise<void> {
    const { tasks, owner } = this.#life;
    const left = (await this.#liveTasks()).filter((task) => workerOf(task) === worker);
    for (const { id } of left) await failLost(tasks, owner, id);
  }

  async #liveTasks(): Promise<readonly Task[]> {
    const { tasks, owner } = this.#life;
    const found: Task[] = [];
    for (const status of LIVE) {
      let cursor: string | null = null;
      do {
        const listing = { status, limit: PAGE, ...(cursor === null ? {} : { cursor }) };
        const page = await tasks.list(owner, listing);
        found.push(...page.tasks);
        cursor = page.nextCursor;
      } while (cursor !== null);
    }
    return found;
  }
}
