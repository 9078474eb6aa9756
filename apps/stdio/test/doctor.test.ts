import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { BIN } from './support/bin.ts';
import { TaskedProcess } from './support/tasked-process.ts';
import { tempDir } from './support/temp-dir.ts';

interface Check {
  readonly name: string;
  readonly status: string;
  readonly found: string;
  readonly advice: string | null;
}

function examine(dataDir: string) {
  const args = [BIN, 'doctor', '--json', '--data-dir', dataDir];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: readonly Check[] };
  const named = (name: string) => checks.find((check) => check.name === name);
  return { status, ok, checks, named };
}

async function startedWorker(dataDir: string, name: string): Promise<TaskedProcess> {
  const worker = new TaskedProcess(['worker', '--data-dir', dataDir, '--name', name]);
  await worker.logs('running tasks');
  return worker;
}

describe('tasked-stdio doctor', () => {
  it('finds nothing wrong where nothing is yet, and leaves it so', () => {
    const dataDir = join(tempDir(), 'data');
    const { status, ok, checks, named } = examine(dataDir);
    expect({ status, ok }).toEqual({ status: 0, ok: true });
    expect(checks.map(({ name }) => name)).toEqual([
      ...['node', 'sqlite', 'shell', 'data directory', 'locks', 'disk', 'clock'],
    ]);
    expect(named('data directory')?.found).toContain(dataDir);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('names the workers that run and those that died', async () => {
    const dataDir = tempDir();
    const worker = await startedWorker(dataDir, 'night-shift');
    expect(examine(dataDir).named('runners')).toMatchObject({
      status: 'ok',
      found: `running: night-shift (process ${worker.child.pid})`,
    });
    worker.child.kill('SIGKILL');
    await worker.exit();
    expect(examine(dataDir)).toMatchObject({ status: 0, ok: true });
    expect(examine(dataDir).named('runners')).toMatchObject({
      status: 'warn',
      found: `none is running; died: night-shift (process ${worker.child.pid})`,
    });
  });

  it('tells all that is not well, each with what to do, and exits with 1', async () => {
    const dataDir = tempDir();
    const worker = await startedWorker(dataDir, 'first');
    worker.child.kill('SIGTERM');
    await worker.exit();
    const db = new BetterSqlite3(join(dataDir, 'tasked.sqlite'));
    db.pragma('user_version = 999');
    db.close();
    chmodSync(dataDir, 0o755);
    const future = join(dataDir, 'future');
    writeFileSync(future, '');
    utimesSync(future, Date.now() / 1_000 + 7_200, Date.now() / 1_000 + 7_200);
    const args = [BIN, 'doctor', '--data-dir', dataDir];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^ok {4}node {12}\d+\.\d+\.\d+ \(/);
    expect(stdout).toContain(`warn  data directory  ${dataDir} is open to others`);
    expect(stdout).toContain(`→ keep it to yourself: chmod 700 ${dataDir}`);
    expect(stdout).toContain('fail  database        schema 999 of a newer version');
    expect(stdout).toContain('→ upgrade Tasked');
    expect(stdout).toMatch(/warn {2}clock {11}120 min behind/);
    expect(stdout).toContain('Tasked cannot run here: 1 failed, 2 to look at.');
  });

  it('refuses a directory that is a file', () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    expect(examine(file)).toMatchObject({ status: 1, ok: false });
    expect(examine(file).named('data directory')).toMatchObject({ status: 'fail' });
  });
});
