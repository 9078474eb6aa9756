import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { inject } from 'vitest';

/** A place for runs, for as long as a test needs it. */
export interface Place {
  /** The value of `STORE`. */
  readonly store: string;
  remove(): Promise<void>;
}

/** Makes a new place. */
export type NewPlace = () => Promise<Place>;

async function memory(): Promise<Place> {
  return { store: 'memory', remove: async () => {} };
}

async function sqlite(): Promise<Place> {
  const store = mkdtempSync(join(tmpdir(), 'tasked-durable-'));
  return { store, remove: async () => rmSync(store, { recursive: true, force: true }) };
}

async function database(): Promise<Place> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const sql = postgres(inject('postgresUrl'), { onnotice: () => {}, max: 1 });
  await sql`create database ${sql(name)}`;
  const url = new URL(inject('postgresUrl'));
  url.pathname = name;
  return {
    store: url.href,
    async remove() {
      await sql`drop database ${sql(name)} with (force)`;
      await sql.end();
    },
  };
}

/** Stores that outlast their processes. */
export const LASTING = [
  { name: 'SQLite', newPlace: sqlite },
  { name: 'PostgreSQL', newPlace: database },
] as const satisfies { name: string; newPlace: NewPlace }[];

export const STORES = [{ name: 'memory', newPlace: memory }, ...LASTING] as const;
