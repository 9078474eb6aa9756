import type { JsonObject } from '@tasked/core';
import { newTask, newTasks } from '@tasked/store-testkit';
import { describe, expect, it } from 'vitest';
import { encodeTasks } from './encoded-task.ts';
import { MAX_FLOW_TASKS } from './flow-task-key.ts';

describe('encoding the tasks of a flow', () => {
  it('turns dependencies round: each task knows the indexes of its dependents', () => {
    const tasks = [
      newTask('join', { dependsOn: ['a', 'b'] }),
      newTask('a'),
      newTask('b', { dependsOn: ['a'] }),
    ];
    expect(encodeTasks(tasks).map(({ dependents }) => dependents)).toEqual([null, '[0,2]', '[0]']);
  });

  it('writes config, input and needs as JSON', () => {
    const task = newTask('b', {
      config: { command: 'make' },
      input: [1],
      dependsOn: ['a'],
      needs: ['a'],
    });
    const [, encoded] = encodeTasks([newTask('a'), task]);
    expect(encoded).toMatchObject({ config: '{"command":"make"}', input: '[1]', needs: '["a"]' });
  });

  it('refuses what cannot be stored', () => {
    const refusals = [
      [[newTask('a'), newTask('a')], /task a is there twice/],
      [[newTask('a', { dependsOn: ['nobody'] })], /a depends on nobody/],
      [[newTask('a', { config: { big: 1n } as unknown as JsonObject })], /config of task a .*JSON/],
    ] as const;
    for (const [tasks, message] of refusals) {
      expect(() => encodeTasks(tasks)).toThrow(
        expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) }),
      );
    }
  });

  it('refuses more tasks than a flow can number', () => {
    const [task] = newTasks('t', 1);
    const tasks = new Array(MAX_FLOW_TASKS + 1).fill(task);
    expect(() => encodeTasks(tasks)).toThrow(expect.objectContaining({ code: 'limit_exceeded' }));
  });
});
