import assert from 'node:assert/strict';
import { isTaskedError, type Task, type TaskStore, Tasks } from '@tasked/core';
import { perform } from './perform.ts';
import type { TaskCommand } from './task-command.ts';
import { MAX_LIFETIME_MS, type ModelAnswer, type ModelTask, TaskModel } from './task-model.ts';

/** When every sequence begins. */
const START = Date.UTC(2026, 0, 1);

/**
 * Does a sequence of commands by the service, on a store, and by the model, and compares every answer. `tag` keeps
 * apart the sequences that share the store.
 */
export async function playTasks(
  store: TaskStore,
  commands: readonly TaskCommand[],
  tag: string,
): Promise<void> {
  const model = new TaskModel(START);
  const clock = { now: () => model.now };
  const limits = { maxTtlMs: null, maxLifetimeMs: MAX_LIFETIME_MS };
  const tasks = new Tasks(store, { clock, ...limits });
  for (const command of commands) {
    const answer = await answerOf(() => playOne(tasks, command, tag));
    assert.deepEqual(answer, shown(model.do(command)), `${command.do} was answered otherwise`);
  }
}

async function playOne(tasks: Tasks, command: TaskCommand, tag: string): Promise<unknown> {
  if (command.do === 'wait') return null;
  if (command.do === 'cleanup') {
    await tasks.cleanup();
    return null;
  }
  const owner = `${tag}/${command.owner}`;
  if (command.do === 'list') {
    const status = command.status === null ? {} : { status: command.status };
    const ids: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await tasks.list(owner, { ...status, limit: 2, ...(cursor && { cursor }) });
      ids.push(...page.tasks.map(({ id }) => Number(id.slice(1))));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return { listed: ids };
  }
  const id = `t${command.id}`;
  if (command.do === 'create') {
    const { ttlMs } = command;
    return seen(await tasks.create(owner, { id, ttlMs, method: 'tools/call' }));
  }
  const done = await perform(tasks, { owner, id }, command);
  if (done === null) return null;
  return 'accepted' in done ? { accepted: done.accepted } : seen(done.task);
}

async function answerOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (!isTaskedError(error)) throw error;
    return { error: error.code };
  }
}

/** What is compared of a task. */
function seen(task: Task): object {
  return {
    status: task.status,
    version: task.version,
    ttlMs: task.ttlMs,
    createdAt: task.createdAt,
    endedAt: task.outcome === null ? null : task.lastUpdatedAt,
    outcome: task.outcome?.kind ?? null,
    amended: Number(task.metadata.amended ?? 0),
    inputs: Object.entries(task.inputs)
      .map(([key, { state }]) => `${key} ${state}`)
      .sort(),
  };
}

function shown(answer: ModelAnswer): unknown {
  return answer !== null && 'task' in answer ? shownTask(answer.task) : answer;
}

function shownTask(task: ModelTask): object {
  return {
    status: task.status,
    version: task.version,
    ttlMs: task.ttlMs,
    createdAt: task.createdAt,
    endedAt: task.endedAt,
    outcome: OUTCOME[task.status],
    amended: task.amendments,
    inputs: [...task.inputs].map(([key, state]) => `${key} ${state}`).sort(),
  };
}

const OUTCOME = {
  working: null,
  input_required: null,
  completed: 'result',
  failed: 'error',
  cancelled: 'cancelled',
} as const;
