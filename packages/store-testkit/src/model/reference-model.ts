import type {
  AttemptRef,
  Claim,
  EpochMs,
  FlowState,
  InputAnswer,
  NewFlow,
  RefusalReason,
  Report,
  RunnerId,
  Settlement,
} from '@tasked/core';
import { type ModelAttempt, ModelFlow, type ModelQueue, type ModelTask } from './model-records.ts';

/**
 * What every store must do, said as naively as can be: no counters and no indexes; a task's fate is read
 * off the graph. Which of equal tasks a claim hands out is left to the store.
 */
export class ReferenceModel {
  readonly queues = new Map<string, ModelQueue>();
  flows: ModelFlow[] = [];

  tasks(which: (task: ModelTask) => boolean): ModelTask[] {
    return this.flows.flatMap((flow) => flow.tasks.filter(which));
  }

  submit(spec: NewFlow): void {
    this.flows.push(new ModelFlow(spec));
    this.flows.forEach(follow);
  }

  cancel = (flow: ModelFlow): void => end(flow, 'cancelled');

  /** Forgets what may be forgotten, and returns it. */
  prune(retentionMs: number, now: EpochMs): readonly ModelFlow[] {
    const over = this.flows.filter(({ endedAt, spec, tasks }) => {
      if (endedAt === null || tasks.some(({ held }) => held !== undefined)) return false;
      return now >= endedAt + retentionMs && now >= spec.createdAt + (spec.ttlMs ?? 0);
    });
    this.flows = this.flows.filter((flow) => !over.includes(flow));
    return over;
  }

  changeHolds(tasks: readonly ModelTask[], by: 1 | -1): void {
    for (const task of tasks) if (task.state === 'blocked') task.holds += by;
    this.flows.forEach(follow);
  }

  /** The first half of a tick; returns the settlements that do not count. */
  settle(by: RunnerId, all: readonly Settlement[], now: EpochMs): readonly Settlement[] {
    const rejected = all.filter((settlement) => {
      const { flowId, taskId, fence } = settlement.attempt;
      const [task] = this.tasks(({ spec, flow }) => spec.id === taskId && flow.spec.id === flowId);
      if (task?.held?.runnerId !== by || task.attempts.length !== fence) return true;
      return !settle(task, task.held, settlement);
    });
    this.flows.forEach(follow);
    for (const task of this.tasks((one) => one.isDue(now))) {
      task.state = 'ready';
      for (const input of task.inputs.values()) input.isOpen = false;
    }
    return rejected;
  }

  /** What a claim without a limit might hand out, best first. */
  claimable({ executors, queues }: Omit<Claim, 'limit'>): readonly ModelTask[] {
    const slots = this.tasks(({ held }) => held !== undefined);
    return this.tasks(({ state, spec }) => state === 'ready' && executors.includes(spec.executor))
      .sort((a, b) => a.spec.priority - b.spec.priority)
      .filter((task) => {
        const name = task.flow.spec.queue;
        const queue = this.queues.get(name);
        if (!queue || queue.paused || queues?.includes(name) === false) return false;
        const taken = slots.filter(({ flow }) => flow.spec.queue === name).length;
        return taken < queue.concurrency && slots.push(task) > 0;
      });
  }

  /** Answers one input; returns why not, or null. */
  answer(flow: ModelFlow, { taskId, key, answer }: InputAnswer): RefusalReason | null {
    const task = flow.tasks.find(({ spec }) => spec.id === taskId);
    const input = task?.inputs.get(key);
    if (task === undefined || input === undefined) return 'unknown';
    if (input.answer !== undefined) return 'answered';
    if (task.state !== 'waiting' || !input.isOpen) return 'closed';
    Object.assign(input, { answer, isOpen: false });
    return null;
  }

  /** Lets go on what waits for nothing more. */
  resume(flow: ModelFlow): void {
    for (const task of flow.tasks) {
      const open = [...task.inputs.values()].some(({ isOpen }) => isOpen);
      if (task.state === 'waiting' && !open) task.state = 'ready';
    }
  }

  /** Keeps what an attempt reports; false when it does not run. */
  report({ flowId, taskId, fence }: AttemptRef, { saved, progress }: Report): boolean {
    const [task] = this.tasks(({ spec, flow }) => spec.id === taskId && flow.spec.id === flowId);
    if (task?.state !== 'running' || task.attempts.length !== fence) return false;
    if (saved !== undefined) task.saved = saved;
    if (progress !== undefined) {
      task.progress = progress;
      task.reports += 1;
    }
    return true;
  }

  /** Gives a task to a runner: a claim or, when another holds it, a take-over. */
  give(task: ModelTask, runnerId: RunnerId): void {
    if (task.held) task.held.end = 'lost';
    else Object.assign(task, { state: 'running', attempt: task.attempt + 1 });
    task.progress = null;
    task.attempts.push({ runnerId, end: null, failure: null });
  }
}

function settle(task: ModelTask, attempt: ModelAttempt, how: Settlement): boolean {
  const cancelled = task.state === 'cancelled';
  if (cancelled) attempt.end = 'stopped';
  if (cancelled || how.kind === 'stopped') return cancelled && how.kind === 'stopped';
  attempt.end = how.kind;
  task.state = 'availableAt' in how ? 'delayed' : how.kind === 'released' ? 'ready' : how.kind;
  if ('availableAt' in how) task.availableAt = how.availableAt;
  if (how.kind === 'waiting') ask(task, how);
  if ('output' in how) task.output = how.output;
  if ('failure' in how) attempt.failure = how.failure;
  const isFree = how.kind === 'snooze' || how.kind === 'waiting';
  if (isFree || (how.kind === 'released' && !how.spent)) task.attempt -= 1;
  return true;
}

/** A task asks for what it has not asked for before; with nothing to ask for it goes on at once. */
function ask(
  task: ModelTask,
  { inputRequests, deadlineAt }: Extract<Settlement, { readonly kind: 'waiting' }>,
): void {
  const fresh = Object.entries(inputRequests).filter(([key]) => !task.inputs.has(key));
  for (const [key, request] of fresh) {
    task.inputs.set(key, { request, answer: undefined, isOpen: true });
  }
  task.availableAt = deadlineAt;
  if (fresh.length === 0) task.state = 'ready';
}

/** Lets happen what is decided: fates to any depth, then fail-fast, then the end of the flow. */
function follow(flow: ModelFlow): void {
  for (let moved = true; moved; ) moved = flow.tasks.some(meetFate);
  const fatal = flow.tasks.some((task) => task.fatal);
  if (flow.spec.failFast && fatal) end(flow, 'failed');
  if (flow.tasks.every((task) => task.ended)) end(flow, fatal ? 'failed' : 'succeeded');
}

function meetFate(task: ModelTask): boolean {
  const { above, holds, rule } = task;
  if (task.state !== 'blocked' || holds > 0 || above.some(({ ended }) => !ended)) return false;
  const failed = above.some(({ fatal, cause }) => fatal || cause === 'upstream_failed');
  const skipped = above.some(({ state }) => state === 'skipped');
  if (rule === 'any_failed') task.cause = failed ? null : 'nothing_failed';
  else if (rule !== 'all_done' && failed) task.cause = 'upstream_failed';
  else if (rule === 'all_success' && skipped) task.cause = 'upstream_skipped';
  task.state = task.cause === null ? 'ready' : 'skipped';
  return true;
}

function end(flow: ModelFlow, state: FlowState): void {
  if (flow.state !== 'running') return;
  flow.state = state;
  for (const task of flow.tasks) if (!task.ended) task.state = 'cancelled';
}
