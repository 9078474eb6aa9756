import {
  type Clock,
  type Flow,
  type FlowTask,
  type InputRequests,
  type InputResponses,
  isTaskedError,
  isTerminalFlow,
  type Owner,
  systemClock,
  TASK_ID,
  TaskedError,
  type TaskId,
  type TaskOutcome,
} from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { callMessage, callOutcome, callTaskOf } from '../durable/call-task.ts';
import { flowOutcome } from './flow-outcome.ts';
import { flowProgress } from './flow-progress.ts';
import { flowStatus } from './flow-status.ts';
import { hasChanged } from './has-changed.ts';
import { pollIntervalMs } from './poll-interval.ts';
import { shownTasks } from './shown-tasks.ts';
import type { TaskPage, TaskSource, WaitForTask } from './task-source.ts';
import type { TaskView } from './task-view.ts';

/** What flows are shown with. */
export interface FlowTasksOptions {
  readonly flows: Flows;
  readonly clock?: Clock;
  /** How long flows are kept after their end, if they are ever removed: then a task's ttl says so. */
  readonly retentionMs?: number;
}

/**
 * Flows as tasks: the id is the flow's, the status is projected from its row, and nothing is stored twice. The result of a
 * call of a durable tool is the tool's own, also in a process that does not have the tool.
 */
export class FlowTasks implements TaskSource {
  readonly #flows: Flows;
  readonly #clock: Clock;
  readonly #retentionMs: number | null;

  constructor({ flows, clock = systemClock, retentionMs }: FlowTasksOptions) {
    this.#flows = flows;
    this.#clock = clock;
    this.#retentionMs = retentionMs ?? null;
  }

  async get(owner: Owner, id: TaskId): Promise<TaskView> {
    return await this.#viewOf(await this.#flow(owner, id));
  }

  async cancel(owner: Owner, id: TaskId): Promise<TaskView> {
    await this.#flow(owner, id);
    const { cancelled, flow } = await this.#flows.cancel(id, owner);
    if (!cancelled) throw hasEnded(flow);
    return await this.#viewOf(flow);
  }

  async answerInput(owner: Owner, id: TaskId, responses: InputResponses): Promise<void> {
    await this.#flow(owner, id);
    await this.#flows.answerInputs(id, owner, responses);
  }

  async list(owner: Owner, { limit, after }: TaskPage): Promise<readonly TaskView[]> {
    const flows = await this.#flows.list({ owner, limit, ...(after && { after }) });
    return await Promise.all(flows.map((flow) => this.#viewOf(flow)));
  }

  async wait(owner: Owner, seen: TaskView, { timeoutMs, signal }: WaitForTask): Promise<TaskView> {
    const since = await this.#flow(owner, seen.id);
    const view = await this.#viewOf(since);
    if (hasChanged(seen, view)) return view;
    await this.#flows.wait(seen.id, owner, { timeoutMs, signal, since });
    return await this.get(owner, seen.id);
  }

  async #flow(owner: Owner, id: TaskId): Promise<Flow> {
    if (!TASK_ID.test(id)) throw new TaskedError('not_found', 'there is no task of that id');
    try {
      return await this.#flows.get(id, owner);
    } catch (error) {
      if (isTaskedError(error) && error.code === 'not_found') {
        throw new TaskedError('not_found', `there is no task ${id}`);
      }
      throw error;
    }
  }

  async #viewOf(flow: Flow): Promise<TaskView> {
    const { id, createdAt } = flow;
    const call = await callTaskOf(this.#flows, flow);
    const shown = await shownTasks(this.#flows, flow, call);
    const outcome = await this.#outcomeOf(flow, call);
    return {
      id,
      status: outcome?.kind === 'error' ? 'failed' : flowStatus(flow),
      statusMessage:
        call === null ? await flowProgress(this.#flows, flow, shown) : callMessage(call),
      createdAt,
      lastUpdatedAt: shown.changedAt,
      ttlMs: this.#ttlMs(flow),
      outcome,
      pollIntervalMs: pollIntervalMs(createdAt, this.#clock.now()),
      inputRequests: await this.#inputRequestsOf(flow),
    };
  }

  async #inputRequestsOf({ id, owner, counts }: Flow): Promise<InputRequests> {
    if (counts.waiting === 0) return {};
    const inputs = await this.#flows.listInputs(id, owner);
    return Object.fromEntries(inputs.map(({ address, request }) => [address, request]));
  }

  async #outcomeOf(flow: Flow, call: FlowTask | null): Promise<TaskOutcome | null> {
    if (call !== null) return await callOutcome(this.#flows, flow, call);
    if (!isTerminalFlow(flow.state)) return null;
    if (flow.state === 'cancelled') return { kind: 'cancelled' };
    return { kind: 'result', result: await flowOutcome(this.#flows, flow) };
  }

  /** Null while it lives, and where flows are kept for ever. */
  #ttlMs({ createdAt, endedAt, ttlMs }: Flow): number | null {
    if (endedAt === null || this.#retentionMs === null) return null;
    return Math.max(ttlMs ?? 0, endedAt + this.#retentionMs - createdAt);
  }
}

function hasEnded({ id, state }: Flow): TaskedError {
  return new TaskedError(
    'illegal_transition',
    `task ${id} has ended (${state}): it cannot be cancelled`,
  );
}
