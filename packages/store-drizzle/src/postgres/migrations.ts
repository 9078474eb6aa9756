import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../migrations/postgres/', import.meta.url);

/** The steps of the schema, oldest first. How many of them a schema has seen is its version. */
export function readMigrations(): readonly string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readFileSync(new URL(name, FOLDER), 'utf8'));
}
