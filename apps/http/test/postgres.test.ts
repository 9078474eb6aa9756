import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newDatabase } from '../../stdio/test/postgres/databases.ts';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import { ask, connectSdk1, ended } from './support/clients.ts';
import { ping, send } from './support/raw-request.ts';
import { keys, newKey, TaskedHttp } from './support/tasked-http.ts';

it('two servers on one database take the same keys, and share flows and their logs', async () => {
  const url = await newDatabase();
  const dirs = [join(tempDir(), 'one'), join(tempDir(), 'two')];
  const database = ['--database-url', url, '--allow', 'shell'];
  const ann = newKey('ann', '--database-url', url);
  const bob = newKey('bob', '--database-url', url);
  const one = await TaskedHttp.start(['--data-dir', dirs[0] ?? '', ...database, '--no-runner']);
  const two = await TaskedHttp.start(['--data-dir', dirs[1] ?? '', '--allow', 'shell'], {
    TASKED_DATABASE_URL: url,
  });
  const tasks = [{ id: 'a', executor: 'shell', config: { command: 'echo shared' } }];
  const client = await connectSdk1(one.url, ann);
  const { flow_id } = await ask(client, 'tasked_submit_flow', { tasks });
  expect(await ended(await connectSdk1(two.url, ann), flow_id)).toMatchObject({
    state: 'succeeded',
  });
  const read = { flow_id, task_id: 'a', stream: 'stdout' };
  expect((await ask(client, 'tasked_task_output', read)).output).toBe('shared\n');
  const other = await connectSdk1(two.url, bob);
  expect((await other.call('tasked_flow_status', { flow_id })).isError).toBe(true);

  keys('revoke', 'ann', '--database-url', url);
  for (const { url: server } of [one, two]) {
    expect((await send(server, ping(ann))).status).toBe(401);
    expect((await send(server, ping(bob))).status).toBe(200);
  }
  for (const dir of dirs) expect(existsSync(join(dir, 'keys'))).toBe(false);
});
