import postgres, { type Sql } from 'postgres';

/** How many task keys a flow has room for. */
const KEYS_OF_A_FLOW = 2 ** 20;

/** The schema of the store. */
const SCHEMA = 'tasked';

/**
 * Copies every flow with all its rows, so that there are `times` as many. It knows the keys by their names and copies
 * the rest as it is, whatever columns there are.
 */
export async function copyFlows(url: string, times: number): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const [bounds] = await sql<{ flows: number }[]>`
    select max(key)::int as flows from ${sql(SCHEMA)}.flow`;
  const shift = bounds?.flows ?? 0;
  for (const { table, columns } of await flowTables(sql)) {
    const values = columns.map((column) => copied(table, column, shift));
    await sql.unsafe(
      `insert into ${SCHEMA}.${table} (${columns.join(', ')}) overriding system value
       select ${values.join(', ')} from ${SCHEMA}.${table} cross join generate_series(1, $1) as copy`,
      [times - 1],
    );
  }
  await sql.unsafe(
    `select setval(pg_get_serial_sequence('${SCHEMA}.flow', 'key'), (select max(key) from ${SCHEMA}.flow))`,
  );
  await sql.unsafe('vacuum analyze');
  await sql.unsafe('checkpoint');
  await sql.end();
}

/** Keeps the statistics of the store's tables as they are: those of tables that have just been made. */
export async function neverAnalyse(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = ${SCHEMA}`;
  for (const { name } of tables) {
    await sql.unsafe(`alter table ${SCHEMA}.${name} set (autovacuum_enabled = off)`);
  }
  await sql.end();
}

interface FlowTable {
  readonly table: string;
  readonly columns: readonly string[];
}

async function flowTables(sql: Sql): Promise<readonly FlowTable[]> {
  const rows = await sql<{ table: string; columns: string[] }[]>`
    select table_name as table, array_agg(column_name::text order by ordinal_position) as columns
    from information_schema.columns where table_schema = ${SCHEMA} group by table_name`;
  return rows.filter(
    ({ table, columns }) =>
      table === 'flow' || columns.includes('flow_key') || columns.includes('task_key'),
  );
}

function copied(table: string, column: string, shift: number): string {
  const flows = `copy::bigint * ${shift}`;
  if (table === 'flow' && column === 'key') return `key + ${flows}`;
  if (table === 'flow' && column === 'id') return `id || '_' || copy`;
  if (column === 'flow_key') return `flow_key + ${flows}`;
  if (column === 'task_key' || (table === 'flow_task' && column === 'key')) {
    return `${column} + ${flows} * ${KEYS_OF_A_FLOW}`;
  }
  return column;
}
