import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { newDirectory } from './data-directories.ts';

const EXAMPLE = fileURLToPath(new URL('readme-example.ts', import.meta.url));

it('the README shows an example that runs as it stands', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(/```ts\n(.*?)```/s.exec(readme)?.[1]).toBe(readFileSync(EXAMPLE, 'utf8'));
  const run = spawnSync(process.execPath, ['--conditions=@tasked/source', EXAMPLE], {
    cwd: newDirectory(),
    encoding: 'utf8',
  });
  expect(run.status, run.stderr).toBe(0);
  expect(run.stdout).toContain(`pid: ${run.pid}`);
});
