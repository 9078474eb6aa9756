import { readFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';

it('shows an example that runs as it stands', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const example = new URL('./readme-example.ts', import.meta.url);
  expect(/```ts\n(.*?)```/s.exec(readme)?.[1]).toBe(await readFile(example, 'utf8'));
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  await import('./readme-example.ts');
  expect(printed).toHaveBeenCalledWith(expect.objectContaining({ runner: 'ok', claimed: [] }));
});
