import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttemptRef } from '@tasked/core';

/** Which process group an attempt runs in, and since when (epoch milliseconds). */
export interface RunRecord {
  readonly ref: AttemptRef;
  readonly groupId: number;
  readonly startedAt: number;
}

/** A small file for each running command, so that it is found when its runner has died. */
export class RunRecords {
  readonly #directory: string;

  /** Creates the directory (mode 0700) unless it is there. */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** Keeps the record on disk when it returns, until the returned function is called. */
  add(record: RunRecord): () => void {
    const path = this.#pathOf(record.ref);
    writeFileSync(path, JSON.stringify(record), { mode: 0o600 });
    return () => rmSync(path, { force: true });
  }

  remove(ref: AttemptRef): void {
    rmSync(this.#pathOf(ref), { force: true });
  }

  /** The records of that attempt and of earlier ones of the same task. */
  upTo(ref: AttemptRef): readonly RunRecord[] {
    const prefix = prefixOf(ref);
    return readdirSync(this.#directory)
      .filter((name) => name.startsWith(prefix))
      .map((name) => this.#read(name))
      .filter((record) => record !== null)
      .filter((record) => record.ref.fence <= ref.fence);
  }

  #read(name: string): RunRecord | null {
    try {
      return JSON.parse(readFileSync(join(this.#directory, name), 'utf8')) as RunRecord;
    } catch {
      // Removed meanwhile, or cut short by the death of the machine: then nothing of it runs.
      return null;
    }
  }

  #pathOf(ref: AttemptRef): string {
    return join(this.#directory, `${prefixOf(ref)}${ref.fence}.json`);
  }
}

/** Ids hold letters, digits, `-` and `_` only. */
function prefixOf({ flowId, taskId }: AttemptRef): string {
  return `run.${flowId}.${taskId}.`;
}
