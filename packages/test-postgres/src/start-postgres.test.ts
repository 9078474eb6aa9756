import { existsSync } from 'node:fs';
import postgres from 'postgres';
import { expect, it, onTestFinished } from 'vitest';
import { startPostgres } from './start-postgres.ts';

it('a server has the settings it was started with, comes back after a crash, and leaves no data', async () => {
  const server = await startPostgres(['fsync=on', 'max_connections=20']);
  onTestFinished(() => server.stop());
  const first = await settingsOf(server.url);
  expect(first).toMatchObject({ fsync: 'on', connections: '20' });
  await server.halt('immediate');
  await expect(settingsOf(server.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await server.resume();
  expect(await settingsOf(server.url)).toEqual(first);
  await server.stop();
  expect(existsSync(first.folder)).toBe(false);
});

interface Settings {
  readonly fsync: string;
  readonly connections: string;
  readonly folder: string;
}

async function settingsOf(url: string): Promise<Settings> {
  const sql = postgres(url, { max: 1, connect_timeout: 5 });
  try {
    const [row] = await sql<[Settings]>`
      select current_setting('fsync') as fsync, current_setting('max_connections') as connections,
        current_setting('data_directory') as folder`;
    return row;
  } finally {
    await sql.end();
  }
}
