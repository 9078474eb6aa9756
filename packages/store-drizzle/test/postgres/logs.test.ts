import { randomIds } from '@tasked/core';
import postgres from 'postgres';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openPostgresLogStore } from '../../src/postgres/index.ts';
import { newSchema } from './schemas.ts';

const ALL = { offset: 0, limit: 1_000_000 };

it('a stream ends at its limit, with one remark that the rest was dropped', async () => {
  const { logs, text } = await open({ maxBytes: 10 });
  const attempt = newAttempt();
  for (const part of ['0123456', '789abc', 'def']) {
    logs.append(attempt, 'stdout', Buffer.from(part));
    await logs.flush();
  }
  logs.append(attempt, 'stderr', Buffer.from('apart'));
  await logs.flush();
  expect(await text(attempt)).toMatch(/^0123456789\n\[tasked: .*full at 10 bytes.*\n$/);
  expect(await text(attempt, 'stderr')).toBe('apart');
});

it('a batch that is sent again because its answer was lost is appended once', async () => {
  const { sql, schema, text } = await open();
  const { flowId, taskId, fence } = newAttempt();
  const parts = JSON.stringify([{ f: flowId, t: taskId, e: fence, s: 0, start: 0, length: 4 }]);
  for (const [batch, bytes] of [
    ['1', 'one '],
    ['1', 'one '],
    ['2', 'two.'],
  ] as const) {
    await sql.unsafe(`select "${schema}".append_logs($1, $2, $3, 100, '')`, [
      batch,
      parts,
      Buffer.from(bytes),
    ]);
  }
  expect(await text({ flowId, taskId, fence })).toBe('one two.');
});

it('a connection that is cut again and again costs no log', async () => {
  const { logs, sql, schema, text } = await open();
  const attempt = newAttempt();
  let printed = '';
  for (let line = 0; line < 60; line++) {
    logs.append(attempt, 'stdout', Buffer.from(`line ${line}\n`));
    printed += `line ${line}\n`;
    const flushed = logs.flush();
    if (line % 10 === 0) await cutConnections(sql, schema);
    await flushed;
  }
  expect(await text(attempt)).toBe(printed);
});

it('what is appended right before the end is written', async () => {
  const { logs, schema } = await open();
  const attempt = newAttempt();
  logs.append(attempt, 'log', Buffer.from('last words'));
  await logs.close();
  expect(() => logs.append(attempt, 'log', Buffer.from('too late'))).toThrow('closed');
  const other = await open({ schema });
  expect(await other.text(attempt, 'log')).toBe('last words');
});

it('logs of flows are deleted, and of no others', async () => {
  const { logs, sql, schema, text } = await open();
  const [gone, kept] = [newAttempt(), newAttempt()];
  for (const attempt of [gone, { ...gone, taskId: 'b' }, { ...gone, fence: 2 }, kept]) {
    logs.append(attempt, 'stdout', Buffer.from('said'));
  }
  await logs.flush();
  await logs.deleteLogs([gone.flowId, randomIds.flowId()]);
  expect(await logs.read(gone, 'stdout', ALL)).toBeNull();
  expect(await text(kept)).toBe('said');
  expect(await sql`select count(*)::int as n from ${sql(schema)}.log_chunk`).toEqual([{ n: 1 }]);
});

async function open({
  schema = newSchema(),
  ...options
}: {
  schema?: string;
  maxBytes?: number;
} = {}) {
  const logs = await openPostgresLogStore({ url: inject('postgresUrl'), schema, ...options });
  const sql = postgres(inject('postgresUrl'), { onnotice: () => {}, max: 1 });
  onTestFinished(async () => {
    await logs.close();
    await sql.end();
  });
  const text = async (
    attempt: ReturnType<typeof newAttempt>,
    stream: 'stdout' | 'stderr' | 'log' = 'stdout',
  ) => String(Buffer.from((await logs.read(attempt, stream, ALL))?.bytes ?? []));
  return { logs, sql, schema, text };
}

function newAttempt() {
  return { flowId: randomIds.flowId(), taskId: 'a', fence: 1 };
}

/** Ends those that append logs. */
async function cutConnections(sql: postgres.Sql, schema: string): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where query like ${`%"${schema}".append_logs%`} and pid <> pg_backend_pid()`;
}
