import { expect, it } from 'vitest';
import { TaskedProcess } from '../support/tasked-process.ts';
import { tempDir } from '../support/temp-dir.ts';
import { clientOf, newDatabase } from './databases.ts';
import { examine } from './examine.ts';

it('the doctor looks at a database, before its first use and after it', async () => {
  const url = await newDatabase();
  const before = examine(url);
  expect(before.status).toBe(0);
  expect(before.checks.map(({ name }) => name)).toEqual([
    ...['node', 'shell', 'database', 'schema', 'notifications', 'connections', 'clock'],
  ]);
  expect(before.named('schema')?.found).toContain('none yet');
  const schemas = await clientOf(url)`select 1 from pg_namespace where nspname = 'tasked'`;
  expect(schemas).toHaveLength(0);
  const worker = new TaskedProcess(['worker', '--data-dir', tempDir(), '--database-url', url]);
  await worker.logs('running tasks');
  expect(examine(url).named('schema')?.found).toMatch(/^version \d+$/);
});

it('the doctor says why a database cannot be used, and what to do', () => {
  const { status, named } = examine('postgres://me:tasked:tasked@127.0.0.1:1/db');
  expect(status).toBe(1);
  expect(named('database')).toMatchObject({
    status: 'fail',
    found: expect.stringContaining('postgres://me@127.0.0.1:1/db'),
    advice: expect.stringContaining('see that it runs'),
  });
});
