import { readFileSync } from 'node:fs';
import { Flows } from '@tasked/dag-engine';
import { noopExecutor, shellExecutor } from '@tasked/executors';
import { MemoryStore } from '@tasked/store-memory';
import { expect, it, onTestFinished, vi } from 'vitest';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

/** The first code block of a language after a heading. */
function codeBlock(heading: string, language: string): string {
  const section = readme.split(`\n### ${heading}\n`)[1] ?? '';
  const [, code] = section.split(`\`\`\`${language}\n`);
  if (code === undefined) throw new Error(`"${heading}" has no block of ${language}`);
  return code.slice(0, code.indexOf('```'));
}

it('shows how to pick packages with exactly the code of pick-packages.ts', () => {
  const code = readFileSync(new URL('pick-packages.ts', import.meta.url), 'utf8');
  expect(codeBlock('Pick individual packages', 'ts')).toBe(code);
});

it('runs pick-packages.ts, which prints what its task put out', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  onTestFinished(() => log.mockRestore());
  await import('./pick-packages.ts');
  expect(log).toHaveBeenCalledWith(expect.objectContaining({ stdout: 'hi\n', exit_code: 0 }));
});

it('shows a flow that is accepted', async () => {
  const store = new MemoryStore();
  onTestFinished(() => store.close());
  const flows = new Flows({ store, executors: [noopExecutor(), shellExecutor()] });
  const { flow } = await flows.submit(JSON.parse(codeBlock('A flow', 'json')), '');
  expect(flow.taskCount).toBe(3);
});
