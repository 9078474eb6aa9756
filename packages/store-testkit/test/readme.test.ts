import { readFile } from 'node:fs/promises';
import { STORE_CASE_IDS } from '@tasked/store-testkit';
import { expect, it } from 'vitest';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

it('shows a test file that is run as it stands', async () => {
  const shown = /```ts\n(.*?)```/s.exec(readme)?.[1];
  const run = new URL('../../store-memory/test/contract.test.ts', import.meta.url);
  expect(shown).toBe(await readFile(run, 'utf8'));
});

it('names a case that exists', () => {
  const [, id] = /id that stays \(`(.*?)`\)/.exec(readme) ?? [];
  expect(STORE_CASE_IDS).toContain(id);
});
