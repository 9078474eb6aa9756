import type { TaskOutcome, TaskStatus } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import type { TaskView } from '../tasks/task-view.ts';
import { toLegacyTask } from './to-legacy-task.ts';

function ended(
  status: TaskStatus,
  outcome: TaskOutcome,
  statusMessage: string | null = null,
): TaskView {
  return {
    id: 't_1',
    status,
    statusMessage,
    createdAt: 0,
    lastUpdatedAt: 1,
    ttlMs: null,
    pollIntervalMs: 1_000,
    inputRequests: {},
    outcome,
  };
}

describe('a failed task of protocol 2025-11-25', () => {
  const error: TaskOutcome = { kind: 'error', error: { code: -32_000, message: 'no disk' } };
  const result: TaskOutcome = {
    kind: 'result',
    result: { isError: true, content: [{ type: 'text', text: 'no net' }] },
  };

  it('always tells the reason, because some clients read nothing else', () => {
    expect(toLegacyTask(ended('failed', error))).toMatchObject({ statusMessage: 'no disk' });
    expect(toLegacyTask(ended('completed', result))).toMatchObject({
      status: 'failed',
      statusMessage: 'no net',
    });
  });

  it('tells it in the words that were chosen for people', () => {
    const told = { statusMessage: 'we ran out of disk' };
    expect(toLegacyTask(ended('failed', error, told.statusMessage))).toMatchObject(told);
    expect(toLegacyTask(ended('completed', result, told.statusMessage))).toMatchObject(told);
  });
});
