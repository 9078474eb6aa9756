import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('a process that starts PostgreSQL ends with the code that was set', () => {
  const module = JSON.stringify(new URL('start-postgres.ts', import.meta.url).href);
  const script = `await import(${module}); process.exitCode = 3;`;
  const args = ['--conditions=@tasked/source', '--input-type=module', '--eval', script];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 3 });
});
