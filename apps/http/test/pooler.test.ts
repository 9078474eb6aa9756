import { expect, inject, it, onTestFinished } from 'vitest';
import { startPgbouncer } from '../../../packages/store-drizzle/test/postgres/start-pgbouncer.ts';
import { clientOf, newDatabase } from '../../stdio/test/postgres/databases.ts';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import { ask, connectSdk1, ended } from './support/clients.ts';
import { ping, send } from './support/raw-request.ts';
import { newKey, TaskedHttp } from './support/tasked-http.ts';

it('serves behind a pooler by transaction, keys included, with a session of its own', async () => {
  const pgbouncer = await startPgbouncer(inject('postgresUrl'));
  onTestFinished(() => pgbouncer.stop());
  const sessionUrl = await newDatabase();
  const { pathname } = new URL(sessionUrl);
  const url = Object.assign(new URL(pgbouncer.url), { pathname }).href;
  const ann = newKey('ann', '--database-url', url);
  const server = await TaskedHttp.start(['--data-dir', tempDir(), '--database-url', url], {
    TASKED_SESSION_URL: sessionUrl,
  });
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => (await send(server.url, ping(ann))).status),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
  const client = await connectSdk1(server.url, ann);
  const { flow_id } = await ask(client, 'tasked_submit_flow', {
    tasks: [{ id: 'a', executor: 'noop' }],
  });
  expect(await ended(client, flow_id)).toMatchObject({ state: 'succeeded' });
  const locks = await clientOf(sessionUrl)`
    select 1 from pg_locks l join pg_database d on d.oid = l.database
    where l.locktype = 'advisory' and d.datname = current_database()`;
  expect(locks).toHaveLength(1);
}, 60_000);
