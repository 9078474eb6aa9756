import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import { HTTP_STATUS, RPC_CODES } from '../../src/index.ts';
import { LEAK } from '../fuzz/wire.ts';
import { ERAS, type RawAnswer } from '../raw-client.ts';
import { BAD_INPUTS } from './bad-inputs.ts';
import { ErrorBench } from './error-bench.ts';

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');

/** The rows of the table whose first column has that title, without markup. */
function table(firstColumn: string): readonly (readonly string[])[] {
  const lines = page.split('\n').map(cellsOf);
  const start = lines.findIndex(([first]) => first === firstColumn);
  const end = lines.findIndex((cells, index) => index > start && cells.length === 0);
  return lines.slice(start + 2, end === -1 ? undefined : end);
}

/** The cells of a line of a table; none of any other line. */
function cellsOf(line: string): readonly string[] {
  if (!line.startsWith('|')) return [];
  const cells = line.slice(1, line.lastIndexOf('|')).split('|');
  return cells.map((cell) => cell.trim().replaceAll('`', ''));
}

/** An answer in the words of the page. */
function inWords({ status, message, body }: RawAnswer): string {
  const http = status === 200 ? '' : `, ${status}`;
  if (message.error !== undefined) return `${message.error.code}${http}`;
  if (message.result?.isError === true) return `tool error${http}`;
  if (status === 202) return `dropped${http}`;
  return body.includes('answered plainly') ? 'ignored' : `acknowledged${http}`;
}

const rows = table('input');

describe('docs/errors.md', () => {
  it('has every word, with its codes', () => {
    const words = table('word').map(([word = '', rpc, http]) => [word, Number(rpc), Number(http)]);
    expect(words).toEqual(ERROR_CODES.map((code) => [code, RPC_CODES[code], HTTP_STATUS[code]]));
  });

  it('has every bad input that is tried, and no other', () => {
    expect(rows.map(([input]) => input)).toEqual(Object.keys(BAD_INPUTS));
  });

  describe.each(ERAS)('in %s', (era) => {
    const column = ERAS.indexOf(era) + 1;
    const tried = rows
      .map((cells) => ({ input: cells[0] ?? '', expected: cells[column] ?? '' }))
      .filter(({ expected }) => expected !== '-');

    it.each(tried)('says what becomes of $input', async ({ input, expected }) => {
      const perform = BAD_INPUTS[input];
      const answer = await perform?.(new ErrorBench(era));
      expect(answer && inWords(answer)).toBe(expected);
      expect(answer?.body).not.toMatch(LEAK);
      expect(answer?.body).not.toMatch(/ECONNREFUSED|disk I\/O|\/var\/lib/);
    });
  });
});
