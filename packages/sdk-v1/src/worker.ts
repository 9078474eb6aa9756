import {
  type Clock,
  isTerminal,
  type Logger,
  type Owner,
  type Task,
  type TaskId,
  type Tasks,
} from '@tasked/core';
import { failLost, isGone, WORKER_LOST } from './lost.ts';
import { ownerOfWorkers, WORKER_METHOD } from './worker-record.ts';

/** What the life of workers goes by. */
export interface WorkerLife {
  readonly tasks: Tasks;
  readonly owner: Owner;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly logger: Logger | undefined;
}

/**
 * This process as the others see it, and the tasks whose handlers run in it. While there are any it gives a sign
 * of life every `heartbeatMs`, and looks then whether somebody else ended one. Without any it signs off.
 */
export class Worker {
  readonly #life: WorkerLife;
  readonly #records: Owner;
  readonly #live = new Map<TaskId, AbortController>();
  readonly #unsubscribe: () => void;
  #id: string | null = null;
  #signedIn: Promise<string> | null = null;
  #callOff: (() => void) | null = null;
  #closed = false;

  constructor(life: WorkerLife) {
    this.#life = life;
    this.#records = ownerOfWorkers(life.owner);
    this.#unsubscribe = life.tasks.onTransition(({ task }) => {
      if (task.owner === life.owner && isTerminal(task.status)) this.#ended(task.id, task);
    });
  }

  /** The id under which this process works now; null when it works on nothing. */
  get id(): string | null {
    return this.#id;
  }

  /** Takes a task on that is about to be created, and tells the id of its worker once others can see that. */
  async takeOn(id: TaskId): Promise<string> {
    if (this.#closed) throw new Error('the task store is closed');
    this.#live.set(id, new AbortController());
    this.#signedIn ??= this.#signIn();
    try {
      return await this.#signedIn;
    } catch (error) {
      this.#signedIn = null;
      this.drop(id);
      throw error;
    }
  }

  /** A task came to nothing. */
  drop(id: TaskId): void {
    this.#live.delete(id);
  }

  /** Aborts when the task ends without its handler; has aborted for one that does not run here. */
  signalOf(id: TaskId): AbortSignal {
    return this.#live.get(id)?.signal ?? AbortSignal.abort(notHere(id));
  }

  /** Fails what still runs here, and signs off. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsubscribe();
    await this.#signedIn?.catch(() => {});
    this.#callOff?.();
    const { tasks, owner } = this.#life;
    const left = this.#abandon();
    for (const id of left) await failLost(tasks, owner, id);
    await this.#signOff();
  }

  async #signIn(): Promise<string> {
    const { tasks } = this.#life;
    const { id } = await tasks.create(this.#records, { method: WORKER_METHOD, ttlMs: 0 });
    this.#id = id;
    this.#beatLater();
    return id;
  }

  async #signOff(): Promise<void> {
    const id = this.#id;
    this.#id = null;
    this.#signedIn = null;
    if (id !== null) await this.#life.tasks.delete(this.#records, id);
  }

  #beatLater(): void {
    const { clock, heartbeatMs } = this.#life;
    this.#callOff = clock.schedule(heartbeatMs, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    if (this.#closed) return;
    try {
      // In one turn: whoever takes a task on from here on signs in anew.
      if (this.#live.size === 0) return await this.#signOff();
      await this.#giveSign();
      for (const id of [...this.#live.keys()]) await this.#look(id);
    } catch (error) {
      this.#life.logger?.error('a sign of life could not be given', { error });
    }
    if (this.#id !== null && !this.#closed) this.#beatLater();
  }

  async #giveSign(): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    try {
      await this.#life.tasks.update(this.#records, id, {});
    } catch (error) {
      if (!isGone(error)) throw error;
      // Others took this process for dead, and fail its tasks.
      this.#id = null;
      this.#signedIn = null;
      this.#abandon();
    }
  }

  /** What somebody else did to a task, through another object or in another process. */
  async #look(id: TaskId): Promise<void> {
    const { tasks, owner } = this.#life;
    try {
      const task = await tasks.get(owner, id);
      if (isTerminal(task.status)) this.#ended(id, task);
    } catch (error) {
      // One that is not there may be about to be created.
      if (!isGone(error)) throw error;
    }
  }

  #ended(id: TaskId, { status, statusMessage }: Task): void {
    const controller = this.#live.get(id);
    this.#live.delete(id);
    if (status === 'completed') return;
    controller?.abort(new Error(statusMessage ?? `task ${id} is ${status}`));
  }

  #abandon(): readonly TaskId[] {
    const left = [...this.#live];
    this.#live.clear();
    for (const [, controller] of left) controller.abort(new Error(WORKER_LOST));
    return left.map(([id]) => id);
  }
}

function notHere(id: TaskId): Error {
  return new Error(`task ${id} has ended, or does not run in this process`);
}
