import { describe, expect, it } from 'vitest';
import { newTask } from './new-task.ts';

const LEAST = { id: 't_1', owner: 'me', method: 'tools/call', ttlMs: 60_000, createdAt: 1_000 };

describe('newTask', () => {
  it('makes the first record of what was said, and says the rest', () => {
    expect(newTask(LEAST)).toEqual({
      kind: 'changed',
      task: {
        id: 't_1',
        status: 'working',
        statusMessage: null,
        method: 'tools/call',
        toolName: null,
        arguments: {},
        metadata: {},
        owner: 'me',
        ttlMs: 60_000,
        pollIntervalMs: null,
        createdAt: 1_000,
        lastUpdatedAt: 1_000,
        inputs: {},
        outcome: null,
        version: 1,
      },
    });
  });

  it.each([
    ['an empty id', { id: '' }],
    ['an id with a slash', { id: '../x' }],
    ['an id of 129 letters', { id: 'x'.repeat(129) }],
    ['an empty method', { method: '' }],
    ['a negative ttl', { ttlMs: -1 }],
    ['a broken ttl', { ttlMs: 1.5 }],
    ['an endless ttl', { ttlMs: Number.POSITIVE_INFINITY }],
    ['a poll interval that is no number', { pollIntervalMs: Number.NaN }],
  ])('refuses %s', (_, wrong) => {
    expect(newTask({ ...LEAST, ...wrong })).toMatchObject({
      kind: 'refused',
      code: 'invalid_input',
    });
  });

  it.each([[0], [null], [1], [Number.MAX_SAFE_INTEGER]])('takes a ttl of %s', (ttlMs) => {
    expect(newTask({ ...LEAST, ttlMs })).toMatchObject({ kind: 'changed', task: { ttlMs } });
  });
});
