import { describe, expect, test } from 'vitest';
import { executors, parse } from '../../test/known-executors.ts';
import type { FlowSpec } from './flow-spec.ts';
import { planFlow, planQueue } from './plan-flow.ts';
import { specHash } from './spec-hash.ts';

function specOf(input: object): FlowSpec {
  const parsed = parse(input);
  if (parsed.kind === 'rejected') throw new Error(JSON.stringify(parsed.faults));
  return parsed.spec;
}

function plan(input: object) {
  const defaults = { retries: 3, timeoutMs: 300_000 };
  return planFlow({ spec: specOf(input), id: 'f_1', owner: 'me', now: 1_000, defaults, executors });
}

function planTask(fields: object) {
  return plan({ tasks: [{ id: 'a', executor: 'noop', ...fields }] }).tasks[0];
}

describe('planFlow', () => {
  test('makes a flow that can be created as it is', () => {
    const tasks = [
      { id: 'a', executor: 'noop' },
      {
        id: 'b',
        executor: 'shell',
        config: { command: 'echo ${tasks.a.output}' },
        depends_on: ['a'],
        retries: 0,
        timeout_secs: 1.5,
        backoff_secs: 0.5,
        max_backoff_secs: 60,
        trigger_rule: 'all_done',
        allow_failure: true,
        priority: 0,
      },
    ];
    expect(plan({ queue: 'q', fail_fast: true, tasks })).toEqual({
      id: 'f_1',
      owner: 'me',
      queue: 'q',
      failFast: true,
      createdAt: 1_000,
      ttlMs: null,
      idempotency: null,
      tasks: [
        {
          id: 'a',
          executor: 'noop',
          config: {},
          input: null,
          dependsOn: [],
          needs: [],
          triggerRule: 'all_success',
          allowFailure: false,
          priority: 5,
          retry: { retries: 3, backoffMs: 1_000, maxBackoffMs: 300_000 },
          timeoutMs: 300_000,
          holds: 0,
        },
        {
          id: 'b',
          executor: 'shell',
          config: { command: 'echo ${tasks.a.output}', cwd: '/home/me' },
          input: null,
          dependsOn: ['a'],
          needs: ['a'],
          triggerRule: 'all_done',
          allowFailure: true,
          priority: 0,
          retry: { retries: 0, backoffMs: 500, maxBackoffMs: 60_000 },
          timeoutMs: 1_500,
          holds: 0,
        },
      ],
    });
  });

  test('needs only those dependencies that a reference names, each once', () => {
    const tasks = [
      ...['a', 'b', 'c'].map((id) => ({ id, executor: 'noop' })),
      {
        id: 'd',
        executor: 'noop',
        depends_on: ['a', 'b', 'c'],
        config: { x: '${tasks.c.output}' },
        input: ['${tasks.a.output} ${tasks.c.output.y}'],
      },
    ];
    expect(plan({ tasks }).tasks[3]?.needs).toEqual(['c', 'a']);
  });

  test('a timeout of 0 is none, and the least is a millisecond', () => {
    expect(planTask({ timeout_secs: 0 })?.timeoutMs).toBeNull();
    expect(planTask({ timeout_secs: 0.0001 })?.timeoutMs).toBe(1);
  });

  test('a first delay beyond the usual cap is not cut by it', () => {
    expect(planTask({ backoff_secs: 900 })?.retry).toMatchObject({
      backoffMs: 900_000,
      maxBackoffMs: 900_000,
    });
    expect(planTask({ backoff_secs: 900, max_backoff_secs: 60 })?.retry.maxBackoffMs).toBe(60_000);
  });

  test('carries the idempotency key with the hash of the spec', () => {
    const input = { idempotency_key: 'k', tasks: [{ id: 'a', executor: 'noop' }] };
    expect(plan(input).idempotency).toEqual({ key: 'k', specHash: specHash(specOf(input)) });
  });
});

describe('planQueue', () => {
  test('takes what the flow asks for', () => {
    const queue_config = { concurrency: 2, max_retries: 0, timeout_secs: 0 };
    const tasks = [{ id: 'a', executor: 'noop' }];
    expect(planQueue(specOf({ queue: 'q', queue_config, tasks }))).toEqual({
      name: 'q',
      concurrency: 2,
      defaults: { retries: 0, timeoutMs: null },
    });
  });
});

describe('specHash', () => {
  const task = { id: 'a', executor: 'noop', config: { x: 1, y: { b: 2, a: 'é' } } };
  const hash = (input: object) => specHash(specOf(input));
  const base = hash({ tasks: [task] });

  test('is 64 hexadecimal digits', () => {
    expect(base).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    [
      'the order of fields',
      { tasks: [{ config: { y: { a: 'é', b: 2 }, x: 1 }, executor: 'noop', id: 'a' }] },
    ],
    ['defaults written out', { fail_fast: false, tasks: [{ ...task, priority: 5, input: null }] }],
    ['the idempotency key', { idempotency_key: 'k', tasks: [task] }],
  ])('does not depend on %s', (_, input) => {
    expect(hash(input)).toBe(base);
  });

  test.each([
    ['a task', { tasks: [task, { ...task, id: 'b' }] }],
    ['a setting', { tasks: [{ ...task, config: { x: 2, y: { b: 2, a: 'é' } } }] }],
    ['the queue', { queue: 'q', tasks: [task] }],
    ['a timeout', { tasks: [{ ...task, timeout_secs: 300 }] }],
  ])('depends on %s', (_, input) => {
    expect(hash(input)).not.toBe(base);
  });
});
