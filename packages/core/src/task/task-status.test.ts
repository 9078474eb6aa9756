import { describe, expect, it } from 'vitest';
import {
  isTerminal,
  isValidTransition,
  parseStatus,
  terminalStates,
  validStatuses,
} from './task-status.ts';

const LEGAL = [
  'working -> input_required',
  'working -> completed',
  'working -> failed',
  'working -> cancelled',
  'input_required -> working',
  'input_required -> completed',
  'input_required -> failed',
  'input_required -> cancelled',
];

describe('the statuses of a task', () => {
  it('are the five of the protocol, of which three are ends', () => {
    expect(validStatuses).toEqual([
      'working',
      'input_required',
      'completed',
      'failed',
      'cancelled',
    ]);
    expect(terminalStates).toEqual(['completed', 'failed', 'cancelled']);
  });

  it('lead where the protocol lets them, and nowhere else', () => {
    const found = validStatuses.flatMap((from) =>
      validStatuses.filter((to) => isValidTransition(from, to)).map((to) => `${from} -> ${to}`),
    );
    expect(found).toEqual(LEGAL);
  });

  it.each(validStatuses)('%s is an end exactly when nothing leaves it', (status) => {
    const leaves = validStatuses.some((to) => isValidTransition(status, to));
    expect(isTerminal(status)).toBe(!leaves);
  });
});

describe('parseStatus', () => {
  it.each(validStatuses)('knows %s', (status) => {
    expect(parseStatus(status)).toBe(status);
  });

  it.each([
    ['Working'],
    ['working '],
    [''],
    ['canceled'],
    ['toString'],
    ['__proto__'],
    [1],
    [null],
    [undefined],
  ])('does not take %j for one', (text) => {
    expect(parseStatus(text)).toBeNull();
  });
});
