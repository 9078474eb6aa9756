import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import {
  type StartedPgbouncer,
  startPgbouncer,
} from '../../../../packages/store-drizzle/test/postgres/start-pgbouncer.ts';
import { HANDSHAKE, TaskedProcess, toolCall } from '../support/tasked-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { clientOf, newDatabase } from './databases.ts';
import { examine } from './examine.ts';

let pgbouncer: StartedPgbouncer;

beforeAll(async () => {
  pgbouncer = await startPgbouncer(inject('postgresUrl'));
}, 60_000);

afterAll(() => pgbouncer?.stop());

/** A database, and how it is reached through the pooler. */
async function pooledDatabase() {
  const sessionUrl = await newDatabase();
  const url = Object.assign(new URL(pgbouncer.url), {
    pathname: new URL(sessionUrl).pathname,
  }).href;
  return { url, sessionUrl };
}

/** How many locks sessions hold on the database: each runner holds one, if it has a session. */
async function locksOn(sessionUrl: string): Promise<number> {
  const locks = await clientOf(sessionUrl)`
    select 1 from pg_locks l join pg_database d on d.oid = l.database
    where l.locktype = 'advisory' and d.datname = current_database()`;
  return locks.length;
}

it('behind a pooler a worker holds a lock in the session that it was given, and none without', async () => {
  const { url, sessionUrl } = await pooledDatabase();
  const args = ['worker', '--data-dir', tempDir(), '--database-url', url];
  const without = new TaskedProcess(args);
  await without.logs('running tasks');
  expect(await locksOn(sessionUrl)).toBe(0);
  const worker = new TaskedProcess([...args, '--session-url', sessionUrl]);
  await worker.logs('running tasks');
  expect(await locksOn(sessionUrl)).toBe(1);
  worker.child.kill('SIGTERM');
  expect(await worker.exit()).toEqual({ code: 0, signal: null });
});

it('a server finds the URL of its session in the environment', async () => {
  const { url, sessionUrl } = await pooledDatabase();
  const env = { TASKED_DATABASE_URL: url, TASKED_SESSION_URL: sessionUrl };
  const server = new TaskedProcess(['--data-dir', tempDir()], { env });
  const tasks = [{ id: 'a', executor: 'noop' }];
  server.send(...HANDSHAKE, toolCall(1, 'tasked_submit_flow', { tasks }));
  const { flow_id } = (await server.answer(1)).result.structuredContent;
  server.send(toolCall(2, 'tasked_flow_status', { flow_id, wait_secs: 20 }));
  expect((await server.answer(2)).result.structuredContent.state).toBe('succeeded');
  expect(await locksOn(sessionUrl)).toBe(1);
});

it('a worker refuses a session that goes through the pooler too', async () => {
  const { url } = await pooledDatabase();
  const args = ['--data-dir', tempDir(), '--database-url', url, '--session-url', url];
  const worker = new TaskedProcess(['worker', ...args]);
  expect(await worker.exit()).toEqual({ code: 1, signal: null });
  expect(worker.stderr).toMatch(
    /^tasked-stdio: [^\n]*it must lead to the PostgreSQL server itself\n$/,
  );
});

it('the doctor sees that a pooler is between, says what to do, and looks at the rest through it', async () => {
  const { url, sessionUrl } = await pooledDatabase();
  const { status, checks, named } = examine(url);
  expect(checks.filter((check) => check.status !== 'ok')).toEqual([named('notifications')]);
  expect(status).toBe(0);
  expect(named('notifications')).toMatchObject({
    status: 'warn',
    found: expect.stringContaining('pooler'),
    advice: expect.stringContaining('--session-url'),
  });
  expect(named('schema')?.found).toContain('none yet');
  expect(examine(url, '--session-url', sessionUrl).named('notifications')?.status).toBe('ok');
  expect(examine(url, '--session-url', url)).toMatchObject({ status: 1 });
});
