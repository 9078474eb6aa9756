import { readFile } from 'node:fs/promises';
import {
  LOG_STORE_CASE_IDS,
  LOG_STORE_CASES,
  STORE_CASE_IDS,
  STORE_CASES,
  TASK_STORE_CASES,
} from '@tasked/store-testkit';
import { expect, it } from 'vitest';

const page = await readFile(new URL('../../../docs/writing-a-store.md', import.meta.url), 'utf8');

/** The first column of the table that follows a suite's name. */
function concernsOf(suite: string): readonly string[] {
  const [, rest = ''] = page.split(`\n\`${suite}\``);
  const table = rest.split('\n\n')[1] ?? '';
  return [...table.matchAll(/^\| `([\w-]+)`/gm)].map(([, concern = '']) => concern);
}

it.each([
  ['taskStoreContract', TASK_STORE_CASES],
  ['logStoreContract', LOG_STORE_CASES],
  ['storeContract', STORE_CASES],
] as const)('the page on writing a store tells every concern of %s', (suite, cases) => {
  expect(concernsOf(suite).toSorted()).toEqual(Object.keys(cases).toSorted());
});

it('the page on writing a store names cases that exist', () => {
  const known: readonly string[] = [...STORE_CASE_IDS, ...LOG_STORE_CASE_IDS];
  const concerns = new Set(known.map((id) => id.split('.')[0]));
  const named = [...page.matchAll(/\b([a-z-]+)\.(?!ts\b)[a-z-]+\b/g)].filter(([, concern = '']) =>
    concerns.has(concern),
  );
  expect(named.length).toBeGreaterThan(3);
  for (const [id] of named) expect(known).toContain(id);
});
