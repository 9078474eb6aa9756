import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import {
  link,
  open,
  readdir,
  readFile,
  rename,
  stat,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type EpochMs, TaskedError } from '@tasked/core';
import { z } from 'zod';
import type { ApiKey } from './api-key.ts';
import type { KeyStore } from './key-store.ts';

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

const fileSchema = z.object({
  id: z.string(),
  name: z.string(),
  principal: z.string(),
  // Keys that were made before there were scopes have none.
  scopes: z.array(z.string()).default([]),
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * Keeps each key in a file of its own, `keys/<id>.json` in the data directory, for this user alone. A file is
 * replaced as a whole, so that a reader finds it as it was or as it is; when a key was last used is the time of
 * an empty file beside it, which no two writers can spoil.
 */
export class FileKeyStore implements KeyStore {
  readonly #directory: string;

  constructor(dataDir: string) {
    this.#directory = join(resolve(dataDir), 'keys');
  }

  async add(key: ApiKey): Promise<boolean> {
    return await this.#access(async () => {
      this.#prepare();
      const keys = await this.list();
      if (keys.some(({ name }) => name === key.name)) return false;
      await this.#write(key);
      return true;
    });
  }

  async get(id: string): Promise<ApiKey | null> {
    return await this.#access(async () => {
      const text = await unlessMissing(readFile(this.#file(id), 'utf8'));
      if (text === null) return null;
      const used = await unlessMissing(stat(this.#useOf(id)));
      return { ...fileSchema.parse(JSON.parse(text)), lastUsedAt: used?.mtimeMs ?? null };
    });
  }

  async list(): Promise<readonly ApiKey[]> {
    return await this.#access(async () => {
      const names = (await unlessMissing(readdir(this.#directory))) ?? [];
      const ids = names.flatMap((name) => /^([0-9a-f]{16})\.json$/.exec(name)?.[1] ?? []);
      const keys = await Promise.all(ids.map((id) => this.get(id)));
      return keys
        .filter((key) => key !== null)
        .toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    });
  }

  async revoke(id: string, now: EpochMs): Promise<void> {
    const key = await this.get(id);
    if (key === null || key.revokedAt !== null) return;
    await this.#access(() => this.#write({ ...key, revokedAt: now }));
  }

  async noteUse(id: string, now: EpochMs): Promise<void> {
    await this.#access(async () => {
      const file = this.#useOf(id);
      await writeFile(file, '', { mode: FILE_MODE });
      await utimes(file, now / 1_000, now / 1_000);
    });
  }

  async secret(): Promise<Uint8Array> {
    return await this.#access(async () => {
      const file = join(this.#directory, 'secret');
      const known = await unlessMissing(readFile(file));
      if (known !== null) return known;
      this.#prepare();
      const draft = `${file}.${randomUUID()}`;
      await writeWhole(draft, randomBytes(32));
      // Of several processes that make one, the first has it, whole from the start.
      await link(draft, file).catch(() => {});
      await unlink(draft);
      return await readFile(file);
    });
  }

  async close(): Promise<void> {}

  #file(id: string): string {
    return join(this.#directory, `${id}.json`);
  }

  #useOf(id: string): string {
    return join(this.#directory, `${id}.used`);
  }

  /** A new data directory is made as the store makes it: for this user alone, and ignored by git. */
  #prepare(): void {
    const dataDir = join(this.#directory, '..');
    mkdirSync(dataDir, { recursive: true, mode: DIRECTORY_MODE });
    if (readdirSync(dataDir).length === 0) writeFileSync(join(dataDir, '.gitignore'), '*\n');
    mkdirSync(this.#directory, { recursive: true, mode: DIRECTORY_MODE });
  }

  async #write({ lastUsedAt: _, ...key }: ApiKey): Promise<void> {
    const draft = `${this.#file(key.id)}.${randomUUID()}`;
    await writeWhole(draft, `${JSON.stringify(key)}\n`);
    await rename(draft, this.#file(key.id));
  }

  async #access<Value>(work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TaskedError) throw error;
      const message = `the API keys in ${this.#directory} cannot be read or written`;
      throw new TaskedError('unavailable', message, { cause: error });
    }
  }
}

async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', FILE_MODE);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function unlessMissing<Value>(reading: Promise<Value>): Promise<Value | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
