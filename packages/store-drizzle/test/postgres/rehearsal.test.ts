import postgres from 'postgres';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/postgres/index.ts';
import { newSchema } from './schemas.ts';

it('a rehearsal does what creations and ticks do, and leaves nothing', async () => {
  const schema = newSchema();
  const store = await openPostgresStore({ url: inject('postgresUrl'), schema });
  onTestFinished(() => store.close());
  const sql = postgres(inject('postgresUrl'), {
    max: 1,
    connection: { search_path: schema, track_functions: 'all' },
  });
  onTestFinished(() => sql.end());
  const calls = await sql.begin(async (rehearsing) => {
    await rehearsing`select rehearse()`;
    return rehearsing<{ name: string; calls: number }[]>`
      select funcname as name, calls::integer from pg_stat_xact_user_functions where schemaname = ${schema}`;
  });
  expect(Object.fromEntries(calls.map(({ name, calls: count }) => [name, count]))).toMatchObject({
    create_flow: 2,
    advance: 7,
    settle: 4,
    hand_over: 2,
    open_lanes: 5,
    take: 1,
    hold: 4,
    close_flows: 5,
  });
  for (const table of ['flow', 'flow_task', 'ready_task', 'held', 'lane', 'queue', 'runner']) {
    expect(await sql`select 1 from ${sql(table)} limit 1`, table).toEqual([]);
  }
});
