import { styleText } from 'node:util';
import type { Check } from './check.ts';

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

/** The checks as a table for people, with what to do below each that is not well. */
export function showChecks(checks: readonly Check[], stream: NodeJS.WritableStream): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, status, found, advice }) => [
    `${styleText(COLOURS[status], status.padEnd(4), { stream })}  ${name.padEnd(width)}  ${found}`,
    ...(advice === null ? [] : [`${' '.repeat(width + 8)}→ ${advice}`]),
  ]);
  return `${[...lines, '', summary(checks)].join('\n')}\n`;
}

function summary(checks: readonly Check[]): string {
  const failed = checks.filter(({ status }) => status === 'fail').length;
  const warned = checks.filter(({ status }) => status === 'warn').length;
  if (failed > 0) return `Tasked cannot run here: ${failed} failed, ${warned} to look at.`;
  return warned > 0 ? `Tasked runs here, with ${warned} to look at.` : 'All is well.';
}
