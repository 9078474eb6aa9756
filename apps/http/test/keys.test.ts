import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connect as connectStdio } from '../../stdio/test/support/connect.ts';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import { type AnyClient, ask, CLIENTS, connectSdk1 } from './support/clients.ts';
import { ping, send } from './support/raw-request.ts';
import { keys, newKey, TaskedHttp } from './support/tasked-http.ts';

const UNKNOWN = `tasked_0123456789abcdef_${'A'.repeat(43)}`;

/** Without what differs from one answer to the next. */
async function answerTo(url: string, key?: string) {
  const { status, headers, body } = await send(url, ping(key));
  return { status, challenge: headers['www-authenticate'], body };
}

describe('API keys', () => {
  it('that are unknown, garbled, expired and revoked get one and the same answer', async () => {
    const dir = tempDir();
    const good = newKey('good', '--data-dir', dir, '--expires', '90d');
    const revoked = newKey('revoked', '--data-dir', dir);
    const expired = newKey('expired', '--data-dir', dir);
    keys('revoke', 'revoked', '--data-dir', dir);
    expire(dir, expired);
    const { url } = await TaskedHttp.start(['--data-dir', dir]);
    expect((await send(url, ping(good))).status).toBe(200);
    const refusal = await answerTo(url, UNKNOWN);
    expect(refusal).toMatchObject({
      status: 401,
      challenge: 'Bearer realm="tasked", error="invalid_token"',
    });
    const others = ['x', revoked, expired, `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`];
    for (const key of others) expect(await answerTo(url, key)).toEqual(refusal);
    expect(await answerTo(url)).toMatchObject({ status: 401, challenge: 'Bearer realm="tasked"' });
    expect((await send(new URL('/healthz', url).href, { method: 'GET' })).status).toBe(200);
  });

  it('open nothing any more the moment that another process revokes them', async () => {
    const dir = tempDir();
    const [ann, bob] = [newKey('ann', '--data-dir', dir), newKey('bob', '--data-dir', dir)];
    const { url } = await TaskedHttp.start(['--data-dir', dir]);
    expect((await send(url, ping(ann))).status).toBe(200);
    keys('revoke', 'ann', '--data-dir', dir);
    expect((await send(url, ping(ann))).status).toBe(401);
    expect((await send(url, ping(bob))).status).toBe(200);
  });

  it('lock a server that was open, from the first one on, for good', async () => {
    const dir = tempDir();
    const { url } = await TaskedHttp.start(['--data-dir', dir]);
    expect((await send(url, ping())).status).toBe(200);
    const key = newKey('first', '--data-dir', dir);
    expect((await send(url, ping())).status).toBe(401);
    expect((await send(url, ping(key))).status).toBe(200);
    keys('revoke', 'first', '--data-dir', dir);
    expect((await send(url, ping())).status).toBe(401);
  });

  it('are kept as hashes for this user alone, and listed without what is secret', async () => {
    const dir = join(tempDir(), 'data');
    const more = ['--principal', 'team', '--scopes', 'a:run,b', '--expires', '2090-01-31'];
    const key = newKey('ann', '--data-dir', dir, ...more);
    const { url } = await TaskedHttp.start(['--data-dir', dir]);
    await send(url, ping(key));
    expect(readFileSync(join(dir, '.gitignore'), 'utf8')).toBe('*\n');
    const folder = join(dir, 'keys');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const [file = ''] = readdirSync(folder).filter((name) => name.endsWith('.json'));
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const secret = key.slice('tasked_0123456789abcdef_'.length);
    const listed = keys('list', '--data-dir', dir, '--json');
    for (const text of [readFileSync(join(folder, file), 'utf8'), listed]) {
      expect(text).not.toContain(secret);
    }
    expect(JSON.parse(listed)).toEqual([
      {
        name: 'ann',
        key: `${key.slice(0, 'tasked_0123456789abcdef_'.length)}…`,
        state: 'active',
        principal: 'team',
        scopes: 'a:run b',
        created: expect.any(String),
        expires: '2090-01-31T00:00:00.000Z',
        revoked: null,
        last_used: expect.any(String),
      },
    ]);
    expect(keys('list', '--data-dir', dir)).toMatch(/^name +key +state .*\nann +tasked_/);
    expect(listed).not.toContain(JSON.parse(readFileSync(join(folder, file), 'utf8')).hash);
  });

  it('have names that are used once, and a life that ends in the future', () => {
    const dir = tempDir();
    newKey('ann', '--data-dir', dir);
    keys('revoke', 'ann', '--data-dir', dir);
    expect(() => newKey('ann', '--data-dir', dir)).toThrow('names are used once');
    expect(() => keys('revoke', 'bob', '--data-dir', dir)).toThrow('there is no key "bob"');
    expect(() => newKey('bob', '--data-dir', dir, '--expires', '2001-01-01')).toThrow('to come');
    expect(() => newKey('a b', '--data-dir', dir)).toThrow('1 to 64 letters');
    expect(() => newKey('bob', '--data-dir', dir, '--scopes', 'a b')).toThrow('by commas');
  });
});

describe.each(CLIENTS)('two principals with the client %s', (_name, connect) => {
  it('never see, read or cancel what is the other one’s, word for word as if it were not there', async () => {
    const dir = tempDir();
    const { url } = await TaskedHttp.start(['--data-dir', dir]);
    const ann = await connect(url, newKey('ann', '--data-dir', dir));
    const bob = await connect(url, newKey('bob', '--data-dir', dir));
    const tasks = [{ id: 'a', executor: 'noop' }];
    const submission = { tasks, idempotency_key: 'same' };
    const { flow_id } = await ask(ann, 'tasked_submit_flow', submission);
    const unknown = 'f_AAAAAAAAAAAAAAAAAAAAAA';
    const errorOf = async (client: AnyClient, id: string, tool: string, more: object) => {
      const { isError, content } = await client.call(tool, { flow_id: id, ...more });
      expect(isError).toBe(true);
      return JSON.stringify(content).replaceAll(id, unknown);
    };
    for (const [tool, more] of [
      ['tasked_flow_status', {}],
      ['tasked_flow_status', { wait_secs: 1 }],
      ['tasked_task_output', { task_id: 'a' }],
      ['tasked_task_output', { task_id: 'a', stream: 'log' }],
      ['tasked_cancel_flow', {}],
      ['tasked_provide_input', {}],
      ['tasked_provide_input', { answers: { a: {} } }],
    ] as const) {
      expect(await errorOf(bob, flow_id, tool, more)).toBe(await errorOf(bob, unknown, tool, more));
    }
    expect((await ask(bob, 'tasked_list_flows', {})).count).toBe(0);
    const own = await ask(bob, 'tasked_submit_flow', submission);
    expect(own).not.toHaveProperty('existing');
    expect(own.flow_id).not.toBe(flow_id);
    expect((await ask(ann, 'tasked_list_flows', {})).flows).toHaveLength(1);
  });
});

it('a key can open the flows of the user of stdio on the same data', async () => {
  const dir = tempDir();
  const stdio = await connectStdio(['--data-dir', dir]);
  const flow_id = await stdio.submit({ tasks: [{ id: 'a', executor: 'noop' }] });
  const user = `local:${process.getuid?.()}`;
  const { url } = await TaskedHttp.start(['--data-dir', dir]);
  const mine = await connectSdk1(url, newKey('mine', '--principal', user, '--data-dir', dir));
  expect((await ask(mine, 'tasked_flow_status', { flow_id })).flow_id).toBe(flow_id);
});

it('keys of one principal open the same flows', async () => {
  const dir = tempDir();
  const { url } = await TaskedHttp.start(['--data-dir', dir]);
  const [, connect] = CLIENTS[2] as (typeof CLIENTS)[number];
  const principal = ['--principal', 'ann', '--data-dir', dir];
  const old = await connect(url, newKey('ann-2025', ...principal));
  const tasks = [{ id: 'a', executor: 'noop' }];
  const { flow_id } = await ask(old, 'tasked_submit_flow', { tasks });
  const renewed = await connect(url, newKey('ann-2026', ...principal));
  expect((await ask(renewed, 'tasked_flow_status', { flow_id })).flow_id).toBe(flow_id);
});

/** Puts the end of a key's life into the past, as time would. */
function expire(dir: string, key: string): void {
  const file = join(dir, 'keys', `${key.slice(7, 23)}.json`);
  const stored = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...stored, expiresAt: Date.now() - 1 }));
}
