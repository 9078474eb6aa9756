import postgres from 'postgres';

/** Jobs a second that postgres.js alone claims and completes on one connection, `batch` at a time, each batch one transaction. */
export async function rawPostgres(url: string, batch: number): Promise<number> {
  const jobs = Math.min(20_000, batch * 2_000);
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`drop table if exists job`;
  await sql`create table job (id int primary key, state int not null) with (fillfactor = 70)`;
  await sql`create index ready on job (id) where state = 0`;
  await sql`insert into job select id, 0 from generate_series(1, ${jobs}::int) id`;
  await sql`vacuum analyze job`;
  const start = performance.now();
  let running: number[] = [];
  do {
    const claimed = await sql<{ id: number }[]>`
      with done as (update job set state = 2 where id = any(${running}) and state = 1)
      update job set state = 1
      where id in (select id from job where state = 0 order by id limit ${batch} for update skip locked)
      returning id`;
    running = claimed.map(({ id }) => id);
  } while (running.length > 0);
  const seconds = (performance.now() - start) / 1_000;
  await sql.end();
  return jobs / seconds;
}
