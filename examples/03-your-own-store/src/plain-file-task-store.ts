import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EpochMs, isExpired, type ListTasks, type Task, type TaskStore } from '@tasked/core';

/*
 * A whole store of tasks in plain files, as an example of how little one needs. `owners/<owner>/<id>/<version>` is
 * a version of a task; the highest counts. A version is made by `link`, which succeeds for one of many, also of
 * many processes. The versions before stay, emptied, as long as their task (the first as version 0), so that whoever
 * comes late finds no number free that was used.
 */
export class PlainFileTaskStore implements TaskStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async createTask(task: Task, maxOwned: number): Promise<'created' | 'exists' | 'full'> {
    if ((await this.getTask(task.id, task.owner)) !== null) return 'exists';
    if ((await namesIn(this.#pathOf(task.owner))).length >= maxOwned) return 'full';
    await mkdir(this.#pathOf(task.owner, task.id), { recursive: true });
    return (await this.#write(task, 0)) ? 'created' : 'exists';
  }

  async getTask(id: string, owner: string): Promise<Task | null> {
    for (;;) {
      const newest = await newestIn(this.#pathOf(owner, id));
      if (newest === undefined) return null;
      const text = await unlessMissing(readFile(join(this.#pathOf(owner, id), newest), 'utf8'));
      // Else a later version has come meanwhile, and this one was emptied, or the task has gone.
      if (text && newest === (await newestIn(this.#pathOf(owner, id)))) return JSON.parse(text);
    }
  }

  async updateTask(next: Task, expectedVersion: number): Promise<boolean> {
    const before = await this.getTask(next.id, next.owner);
    if (before?.version !== expectedVersion || !(await this.#write(next, next.version)))
      return false;
    await unlessMissing(truncate(this.#fileOf(next, expectedVersion)));
    return true;
  }

  async deleteTask(id: string, owner: string): Promise<void> {
    await this.#remove({ id, owner });
  }

  async listTasks({ owner, status, limit, after }: ListTasks): Promise<readonly Task[]> {
    return (await this.#tasksOf(owner))
      .filter((task) => status === undefined || task.status === status)
      .filter((task) => after === undefined || placeOf(task) < placeOf(after))
      .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1))
      .slice(0, limit);
  }

  async deleteExpiredTasks(now: EpochMs, limit: number): Promise<number> {
    const over = (await this.#tasksOf(null)).filter((task) => isExpired(task, now));
    const removed = await Promise.all(over.slice(0, limit).map((task) => this.#remove(task)));
    return removed.filter(Boolean).length;
  }

  /** False when that version is there already, or the task is not. */
  async #write(task: Task, version: number): Promise<boolean> {
    const draft = join(this.#directory, randomUUID());
    await writeFile(draft, JSON.stringify(task), { flush: true });
    try {
      const made = unless(['EEXIST', 'ENOENT'], link(draft, this.#fileOf(task, version)));
      return (await made) !== null;
    } finally {
      await rm(draft);
    }
  }

  /** False when there is nothing to remove, or somebody else did. */
  async #remove({ id, owner }: Pick<Task, 'id' | 'owner'>): Promise<boolean> {
    const trash = join(this.#directory, randomUUID());
    const moved = await unlessMissing(rename(this.#pathOf(owner, id), trash));
    await rm(trash, { recursive: true, force: true });
    return moved !== null;
  }

  async #tasksOf(owner: string | null): Promise<Task[]> {
    const owners = owner === null ? await namesIn(this.#pathOf()) : [nameOf(owner)];
    const tasks = owners.map(async (one) => {
      const ids = await namesIn(join(this.#pathOf(), one));
      return Promise.all(ids.map((id) => this.getTask(textOf(id), textOf(one))));
    });
    return (await Promise.all(tasks)).flat().filter((task) => task !== null);
  }

  #pathOf(...texts: readonly string[]): string {
    return join(this.#directory, 'owners', ...texts.map(nameOf));
  }

  #fileOf({ id, owner }: Task, version: number): string {
    return join(this.#pathOf(owner, id), String(version).padStart(12, '0'));
  }
}

/** A file's name for any text, and the text again. */
const nameOf = (text: string): string => `_${Buffer.from(text).toString('hex')}`;
const textOf = (name: string): string => Buffer.from(name.slice(1), 'hex').toString();

const placeOf = ({ createdAt, id }: Pick<Task, 'createdAt' | 'id'>): string =>
  `${String(createdAt).padStart(16, '0')} ${id}`;

const newestIn = async (path: string) => (await namesIn(path)).sort().at(-1);
const namesIn = async (path: string) => (await unlessMissing(readdir(path))) ?? [];

/** What the work gives; null when the file that it is about is not there. */
const unlessMissing = <Value>(work: Promise<Value>) => unless(['ENOENT'], work);

/** What the work gives; null when it fails with one of these codes. */
function unless<Value>(codes: readonly string[], work: Promise<Value>): Promise<Value | null> {
  return work.catch((error: unknown) => {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  });
}
