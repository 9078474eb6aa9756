import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import { ping, send } from './support/raw-request.ts';
import { keys, newKey, TaskedHttp } from './support/tasked-http.ts';

/** Runs a command line that must fail, and returns the one line that it says. */
async function refusal(...args: readonly string[]): Promise<string> {
  const server = new TaskedHttp(args);
  expect(await server.exit()).toEqual({ code: 1, signal: null });
  expect(server.stderr).toMatch(/^tasked-http: .+\n$/);
  return server.stderr;
}

describe('starting up', () => {
  it('demands a key of whoever lets others in, or lets clients run commands', async () => {
    const dir = tempDir();
    const remedy = /nobody has a key: make one first with tasked-http keys create <name>\n$/;
    for (const [option = '', value = ''] of [
      ['--host', '0.0.0.0'],
      ['--host', '::'],
      ['--host', '192.0.2.1'],
      ['--allow', 'shell'],
      ['--allow-host', 'tasked.example'],
    ]) {
      const said = await refusal('--data-dir', dir, option, value);
      expect(said).toContain(`${option} ${value}`);
      expect(said).toMatch(remedy);
    }
    newKey('gone', '--data-dir', dir);
    keys('revoke', 'gone', '--data-dir', dir);
    expect(await refusal('--data-dir', dir, '--host', '0.0.0.0')).toMatch(remedy);
  });

  it('lets others in with a key, by the names that were given and no others', async () => {
    const dir = tempDir();
    const key = newKey('ann', '--data-dir', dir);
    const args = ['--host', '0.0.0.0', '--allow-host', 'tasked.example'];
    const { url } = await TaskedHttp.start(['--data-dir', dir, ...args]);
    const here = url.replace('0.0.0.0', '127.0.0.1');
    const named = (host: string) => {
      const request = ping(key);
      return { ...request, headers: { ...request.headers, host } };
    };
    expect((await send(here, named('tasked.example'))).status).toBe(200);
    expect((await send(here, named('evil.example'))).status).toBe(403);
    expect((await send(here, ping())).status).toBe(401);
  });

  it('says in one line what it cannot start with', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { readonly port: number };
    const dir = ['--data-dir', tempDir()];
    expect(await refusal(...dir, '--port', String(port))).toContain('the port is taken');
    expect(await refusal(...dir, '--retain-hours', '0')).toContain('kept for an hour');
    expect(await refusal(...dir, '--port', '70000')).toContain('0 to 65535');
    expect(await refusal(...dir, '--host', '192.0.2.1')).toContain('--host 192.0.2.1');
    expect(await refusal(...dir, '--allow', 'everything')).toContain('shell');
    expect(await refusal(...dir, '--allow-host', 'http://x')).toContain('without a port');
    expect(await refusal(...dir, '--what')).toContain("unknown option '--what'");
    expect(await refusal(...dir, 'serv')).toContain('too many arguments');
    expect(await refusal('--data-dir', '/dev/null')).toContain('/dev/null');
  });

  it('takes the URL of a session only with that of a database', async () => {
    const session = 'postgres://u:s3cret@127.0.0.1/x';
    for (const args of [
      ['--session-url', session],
      ['--session-url', 'mysql://u:s3cret@127.0.0.1/x', '--database-url', session],
    ]) {
      const said = await refusal('--data-dir', tempDir(), ...args);
      expect(said).toContain('--session-url');
      expect(said).not.toContain('s3cret');
    }
  });

  it('never shows the password of a database', async () => {
    for (const url of ['mysql://u:s3cret@127.0.0.1/x', 'postgres://u:s3cret@127.0.0.1:1/x']) {
      expect(await refusal('--data-dir', tempDir(), '--database-url', url)).not.toContain('s3cret');
    }
  });
});
