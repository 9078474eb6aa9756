import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptContext, Executor, Outcome } from '@tasked/core';

/** Works for a moment and counts how often each task was run. */
export class CountingExecutor implements Executor {
  readonly type = 'noop';
  readonly runs = new Map<string, number>();

  check() {
    return [];
  }

  async run({ ref }: AttemptContext): Promise<Outcome> {
    const task = `${ref.flowId}/${ref.taskId}`;
    this.runs.set(task, (this.runs.get(task) ?? 0) + 1);
    await sleep(20);
    return { kind: 'succeeded', output: ref.taskId };
  }
}
