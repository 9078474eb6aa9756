import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { TaskedProcess } from '../support/tasked-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { clientOf, newDatabase } from './databases.ts';

/** The one line in which a worker says why it cannot start. */
async function refusal(url: string): Promise<string> {
  const worker = new TaskedProcess(['worker', '--data-dir', tempDir(), '--database-url', url]);
  expect(await worker.exit()).toEqual({ code: 1, signal: null });
  expect(worker.stdout).toBe('');
  expect(worker.stderr).toMatch(/^tasked-stdio: [^\n]+\n$/);
  expect(worker.stderr).not.toContain('secret');
  return worker.stderr;
}

/** The URL of the tests' server with some of its parts changed. */
function urlWith(
  parts: Partial<Pick<URL, 'hostname' | 'port' | 'username' | 'password' | 'pathname'>>,
) {
  return Object.assign(new URL(inject('postgresUrl')), parts).href;
}

describe('a worker that cannot use its database says what to do', () => {
  it('when nothing listens there', async () => {
    expect(await refusal('postgres://me:secret@127.0.0.1:1/db')).toMatch(
      /see that it runs.*127\.0\.0\.1:1/,
    );
  });

  it('when there is no such host', async () => {
    const line = await refusal('postgres://me:secret@no-such-host.invalid/db');
    expect(line).toContain('no-such-host.invalid');
  });

  it('when the password is wrong', async () => {
    const line = await refusal(urlWith({ password: 'secret' }));
    expect(line).toMatch(/check user and password.*authentication failed/);
  });

  it('when there is no such database', async () => {
    expect(await refusal(urlWith({ pathname: 'nowhere' }))).toMatch(/create it.*nowhere/);
  });

  it('when the user may not make the schema', async () => {
    const url = await newDatabase();
    const sql = clientOf(url);
    const user = new URL(url).pathname.slice(1);
    await sql`create role ${sql(user)} login password 'secret'`;
    onTestFinished(
      async () => void (await clientOf(inject('postgresUrl'))`drop role ${sql(user)}`),
    );
    const line = await refusal(
      Object.assign(new URL(url), { username: user, password: 'secret' }).href,
    );
    expect(line).toMatch(/grant create on database/);
  });

  it('when something else answers there', { timeout: 60_000 }, async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    expect(await refusal(`postgres://me:secret@127.0.0.1:${port}/db`)).toContain(
      'see that it runs there',
    );
  });

  it('when the schema is of a newer version', async () => {
    const url = await newDatabase();
    const worker = new TaskedProcess(['worker', '--data-dir', tempDir(), '--database-url', url]);
    await worker.logs('running tasks');
    worker.child.kill('SIGTERM');
    await worker.exit();
    await clientOf(url)`update tasked.schema_version set version = 999`;
    expect(await refusal(url)).toMatch(/newer version of Tasked.*upgrade/);
  });

  it.each(['mysql://me:secret@host/db', 'me:secret@host/db', 'postgres://me:secret@host'])(
    'when the URL is wrong: %s',
    async (url) => {
      expect(await refusal(url)).toContain('postgres://user@host');
    },
  );
});

it('takes the URL from the environment, unless the command line names a store', async () => {
  const url = await newDatabase();
  const env = { TASKED_DATABASE_URL: url };
  const worker = new TaskedProcess(['worker', '--data-dir', tempDir()], { env });
  await worker.logs('running tasks');
  expect(worker.stderr).toContain(new URL(url).pathname);
  const other = new TaskedProcess(['worker', '--store', 'sqlite', '--data-dir', tempDir()], {
    env,
  });
  await other.logs('running tasks');
  expect(other.stderr).toContain('data_dir');
});

it.each([
  [['--session-url', 'postgres://me:secret@host/db'], {}],
  [['--store', 'memory', '--session-url', 'postgres://me:secret@host/db'], {}],
  [[], { TASKED_SESSION_URL: 'postgres://me:secret@host/db' }],
])('refuses the URL of a session without that of a database: %o %o', async (args, env) => {
  const server = new TaskedProcess(['--data-dir', tempDir(), ...args], { env });
  expect((await server.exit()).code).toBe(1);
  expect(server.stderr).toMatch(/^tasked-stdio: --session-url[^\n]*TASKED_DATABASE_URL[^\n]*\n$/);
  expect(server.stderr).not.toContain('secret');
});

it('leaves both URLs of the environment alone when the command line names a store', async () => {
  const env = {
    TASKED_DATABASE_URL: 'postgres://me@127.0.0.1:1/db',
    TASKED_SESSION_URL: 'postgres://me@127.0.0.1:2/db',
  };
  const worker = new TaskedProcess(['worker', '--store', 'sqlite', '--data-dir', tempDir()], {
    env,
  });
  await worker.logs('running tasks');
  expect(worker.stderr).toContain('data_dir');
});
