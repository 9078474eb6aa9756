import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { newFlow, newQueue, newRunner, newTasks } from '@tasked/store-testkit';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inspectSqliteStore, openSqliteStore } from '../src/sqlite/index.ts';
import { newDirectory } from './data-directories.ts';
import { withoutRights } from './without-rights.ts';

/** How many steps the schema has. */
const STEPS = readdirSync(new URL('../migrations/sqlite', import.meta.url)).filter((name) =>
  name.endsWith('.sql'),
).length;

/** Everything that a directory holds; of SQLite's shared index only that it is there. */
function contentsOf(directory: string): Readonly<Record<string, string>> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const path = join(directory, name);
      const { mode, size, mtimeMs } = statSync(path);
      if (name.endsWith('-shm')) return [name, `${mode} ${size}`];
      if (statSync(path).isDirectory()) return [name, `${mode}`];
      const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
      return [name, `${mode} ${mtimeMs} ${hash}`];
    }),
  );
}

/** Inspects, and fails when that changed anything. */
async function inspect(dataDir: string) {
  const before = contentsOf(dataDir);
  const found = await inspectSqliteStore({ dataDir });
  expect(contentsOf(dataDir)).toEqual(before);
  return found;
}

describe('inspecting a data directory', () => {
  it('finds nothing in an empty one', async () => {
    const dataDir = newDirectory();
    expect(await inspect(dataDir)).toMatchObject({ database: { kind: 'none' }, runners: [] });
    writeFileSync(join(dataDir, 'tasked.sqlite'), '');
    expect((await inspect(dataDir)).database).toEqual({ kind: 'none' });
  });

  it('knows its own database while nobody has it open', async () => {
    const dataDir = newDirectory();
    await (await openSqliteStore({ dataDir })).close();
    expect(await inspect(dataDir)).toMatchObject({
      database: { kind: 'ours', schema: STEPS, known: STEPS },
      runners: [],
    });
  });

  it('tells living runners from those that a crash left behind', async () => {
    const dataDir = newDirectory();
    const store = await openSqliteStore({ dataDir });
    onTestFinished(() => store.close());
    const alive = newRunner({ name: 'alive' });
    await store.registerRunner(alive);
    const dead = newRunner({ name: 'dead' });
    await store.registerRunner(dead);
    await store.ensureQueue(newQueue());
    await store.createFlow(newFlow({ tasks: newTasks('t', 2) }));
    await store.advance({
      runnerId: dead.id,
      now: 0,
      settle: [],
      claim: { limit: 10, executors: ['noop'] },
    });
    const copy = newDirectory();
    cpSync(dataDir, copy, { recursive: true });
    expect((await inspect(dataDir)).runners).toMatchObject([
      { name: 'alive', pid: alive.pid, isAlive: true, attempts: 0 },
      { name: 'dead', isAlive: true, attempts: 2 },
    ]);
    expect((await inspect(copy)).runners).toMatchObject([
      { name: 'alive', isAlive: false },
      { name: 'dead', isAlive: false, attempts: 2 },
    ]);
  });

  it('knows a newer database, a foreign one and what is none', async () => {
    const newer = newDirectory();
    await (await openSqliteStore({ dataDir: newer })).close();
    change(newer, 'pragma user_version = 99');
    expect((await inspect(newer)).database).toEqual({ kind: 'ours', schema: 99, known: STEPS });
    const foreign = newDirectory();
    change(foreign, 'create table theirs (x)');
    expect((await inspect(foreign)).database).toEqual({ kind: 'foreign' });
    const none = newDirectory();
    writeFileSync(join(none, 'tasked.sqlite'), 'a shopping list');
    expect((await inspect(none)).database).toEqual({
      kind: 'unreadable',
      reason: 'is not a database',
    });
    const directory = newDirectory();
    mkdirSync(join(directory, 'tasked.sqlite'));
    expect((await inspect(directory)).database).toMatchObject({ kind: 'unreadable' });
  });

  it('says that it may not read a database', async () => {
    const dataDir = newDirectory();
    await (await openSqliteStore({ dataDir })).close();
    chmodSync(dataDir, 0o755);
    chmodSync(join(dataDir, 'tasked.sqlite'), 0);
    await withoutRights(async () => {
      const { database } = await inspectSqliteStore({ dataDir });
      expect(database).toEqual({ kind: 'unreadable', reason: 'may not be read by this user' });
    });
  });

  it('rejects where there is no directory', async () => {
    const dataDir = join(newDirectory(), 'nowhere');
    await expect(inspectSqliteStore({ dataDir })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

function change(dataDir: string, sql: string): void {
  const db = new BetterSqlite3(join(dataDir, 'tasked.sqlite'));
  db.exec(sql);
  db.close();
}
