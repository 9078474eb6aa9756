import { readFileSync } from 'node:fs';
import { generateSQLiteDrizzleJson, generateSQLiteMigration } from 'drizzle-kit/api';
import { expect, it } from 'vitest';
import { readMigrations } from '../src/sqlite/migrations.ts';
import * as schema from '../src/sqlite/schema.ts';

const META = new URL('../migrations/sqlite/meta/', import.meta.url);

it('the migrations lead to the schema: nothing is left to generate', async () => {
  const { entries } = readJson('_journal.json');
  const newest = String(entries.length - 1).padStart(4, '0');
  const snapshot = readJson(`${newest}_snapshot.json`);
  const current = await generateSQLiteDrizzleJson({ ...schema }, snapshot.id);
  expect(await generateSQLiteMigration(snapshot, current)).toEqual([]);
  expect(readMigrations()).toHaveLength(entries.length);
});

function readJson(name: string) {
  return JSON.parse(readFileSync(new URL(name, META), 'utf8'));
}
