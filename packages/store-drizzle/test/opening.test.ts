import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '@tasked/core';
import { newFlow, newQueue, newRunner, newTasks } from '@tasked/store-testkit';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../src/sqlite/index.ts';
import { newDirectory } from './data-directories.ts';
import { withoutRights } from './without-rights.ts';

describe('a data directory', () => {
  it('is created for its user alone, and ignored by git', async () => {
    const dataDir = join(newDirectory(), 'deep', 'data');
    const store = await open(dataDir);
    const runner = newRunner();
    await store.registerRunner(runner);
    expect(modeOf(dataDir)).toBe(0o700);
    expect(readFileSync(join(dataDir, '.gitignore'), 'utf8')).toBe('*\n');
    const files = ['tasked.sqlite', 'tasked.sqlite-wal', 'tasked.sqlite-shm', '.gitignore'];
    expect(readdirSync(dataDir).sort()).toEqual([...files, 'runners'].sort());
    expect(modeOf(join(dataDir, 'runners'))).toBe(0o700);
    for (const file of [...files, `runners/${runner.id}.lock`]) {
      expect(modeOf(join(dataDir, file)), file).toBe(0o600);
    }
  });

  it('that holds other things keeps its mode, and git does not forget those', async () => {
    const dataDir = newDirectory();
    chmodSync(dataDir, 0o755);
    writeFileSync(join(dataDir, 'package.json'), '{}');
    await open(dataDir);
    expect(modeOf(dataDir)).toBe(0o755);
    expect(readdirSync(dataDir)).not.toContain('.gitignore');
  });

  it('that is a file, or lies in one, is refused by name', async () => {
    const file = join(newDirectory(), 'file');
    writeFileSync(file, 'mine');
    for (const dataDir of [file, join(file, 'data')]) {
      await expect(openSqliteStore({ dataDir })).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining(dataDir),
      });
    }
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('that cannot be written is told by name', async () => {
    const dataDir = newDirectory();
    chmodSync(dataDir, 0o500);
    await withoutRights(() =>
      expect(openSqliteStore({ dataDir })).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining(dataDir),
      }),
    );
  });
});

describe('a data file', () => {
  it('that is no database is refused and left alone', async () => {
    const { dataDir, file } = newDataFile();
    writeFileSync(file, 'dear diary '.repeat(1_000));
    await expectRefusal(dataDir, 'invalid_input', /tasked\.sqlite is not a database/);
    expect(readFileSync(file, 'utf8')).toBe('dear diary '.repeat(1_000));
  });

  it('of another program is refused and left alone', async () => {
    const { dataDir, file } = newDataFile();
    edit(file, 'create table diary (entry text)');
    const before = readFileSync(file);
    await expectRefusal(
      dataDir,
      'invalid_input',
      /tasked\.sqlite is a database of another program/,
    );
    expect(readFileSync(file)).toEqual(before);
  });

  it('of a newer version is refused and left alone', async () => {
    const dataDir = newDirectory();
    const file = join(dataDir, 'tasked.sqlite');
    await (await open(dataDir)).close();
    edit(file, 'pragma user_version = 99');
    const before = readFileSync(file);
    await expectRefusal(
      dataDir,
      'invalid_input',
      /newer version of Tasked \(schema 99, this .*upgrade/,
    );
    expect(readFileSync(file)).toEqual(before);
  });

  it('that cannot be written is told by name', async () => {
    const dataDir = newDirectory();
    await (await open(dataDir)).close();
    chmodSync(join(dataDir, 'tasked.sqlite'), 0o444);
    chmodSync(dataDir, 0o755);
    await withoutRights(() => expectRefusal(dataDir, 'unavailable', /tasked\.sqlite cannot be/));
  });

  it('that is damaged is told by name', async () => {
    const dataDir = newDirectory();
    const file = join(dataDir, 'tasked.sqlite');
    const store = await open(dataDir);
    await store.ensureQueue(newQueue());
    await store.createFlow(newFlow({ tasks: newTasks('t', 1_000) }));
    await store.close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 8_192));
    const listing = async () => (await open(dataDir)).listFlows({ owner: '', limit: 10 });
    await expect(listing()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/tasked\.sqlite is damaged: restore it/),
    });
  });

  it('keeps everything over a restart', async () => {
    const dataDir = newDirectory();
    const first = await open(dataDir);
    await first.ensureQueue(newQueue());
    const flow = newFlow({ tasks: newTasks('t', 3) });
    await first.createFlow(flow);
    const tasks = await first.listFlowTasks({ flowId: flow.id, limit: 10 });
    await first.close();
    const second = await open(dataDir);
    expect(await second.listFlowTasks({ flowId: flow.id, limit: 10 })).toEqual(tasks);
  });

  it('is migrated once, and not written by those that find it up to date', async () => {
    const dataDir = newDirectory();
    const first = await open(dataDir);
    const version = dataVersion(dataDir);
    await open(dataDir);
    expect(version.changed()).toBe(false);
    await first.ensureQueue(newQueue());
    expect(version.changed()).toBe(true);
  });
});

async function open(dataDir: string): Promise<Store> {
  const store = await openSqliteStore({ dataDir });
  onTestFinished(() => store.close());
  return store;
}

async function expectRefusal(dataDir: string, code: string, message: RegExp): Promise<void> {
  await expect(openSqliteStore({ dataDir })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
}

function newDataFile(): { readonly dataDir: string; readonly file: string } {
  const dataDir = join(newDirectory(), 'data');
  mkdirSync(dataDir);
  return { dataDir, file: join(dataDir, 'tasked.sqlite') };
}

function edit(file: string, sql: string): void {
  const db = new BetterSqlite3(file);
  db.exec(sql);
  db.close();
}

/** Tells whether anybody has committed since. */
function dataVersion(dataDir: string): { changed(): boolean } {
  const db = new BetterSqlite3(join(dataDir, 'tasked.sqlite'));
  onTestFinished(() => {
    db.close();
  });
  const before = db.pragma('data_version', { simple: true });
  return { changed: () => db.pragma('data_version', { simple: true }) !== before };
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}
