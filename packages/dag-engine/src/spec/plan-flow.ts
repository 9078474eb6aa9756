import type {
  EpochMs,
  Executor,
  FlowId,
  FlowTaskId,
  NewFlow,
  NewFlowTask,
  NewQueue,
  Owner,
  QueueDefaults,
  RetryPolicy,
} from '@tasked/core';
import type { FlowSpec, FlowTaskSpec } from './flow-spec.ts';
import { specHash } from './spec-hash.ts';
import { collectReferences } from './templates.ts';

/** Longest delay between attempts of a task that does not say its own, unless its first is longer. */
const DEFAULT_MAX_BACKOFF_SECS = 300;

/** What a flow is planned from. */
export interface PlanFlow {
  /** What `parseFlowSpec` accepted. */
  readonly spec: FlowSpec;
  readonly id: FlowId;
  readonly owner: Owner;
  readonly now: EpochMs;
  /** Of the queue as it exists now. */
  readonly defaults: QueueDefaults;
  /** The same that the spec was accepted with. */
  readonly executors: ReadonlyMap<string, Executor>;
}

/** Turns an accepted spec into the flow to be created: defaults of the queue, pinned configs, needs. */
export function planFlow(plan: PlanFlow): NewFlow {
  const { spec, id, owner, now } = plan;
  const key = spec.idempotency_key;
  return {
    id,
    owner,
    queue: spec.queue,
    failFast: spec.fail_fast,
    createdAt: now,
    ttlMs: null,
    idempotency: key === undefined ? null : { key, specHash: specHash(spec) },
    tasks: spec.tasks.map((task) => planTask(task, plan)),
  };
}

/** The queue that a spec asks for, should there be none of its name. */
export function planQueue({ queue, queue_config }: FlowSpec): NewQueue {
  const { concurrency, max_retries, timeout_secs } = queue_config;
  return {
    name: queue,
    concurrency,
    defaults: { retries: max_retries, timeoutMs: limitMs(timeout_secs) },
  };
}

function planTask(task: FlowTaskSpec, { defaults, executors }: PlanFlow): NewFlowTask {
  return {
    id: task.id,
    executor: task.executor,
    config: executors.get(task.executor)?.pin?.(task.config) ?? task.config,
    input: task.input,
    dependsOn: task.depends_on,
    needs: needsOf(task),
    triggerRule: task.trigger_rule,
    allowFailure: task.allow_failure,
    priority: task.priority,
    retry: retryPolicy(task, defaults),
    timeoutMs: task.timeout_secs === undefined ? defaults.timeoutMs : limitMs(task.timeout_secs),
    holds: 0,
  };
}

function needsOf({ config, input }: FlowTaskSpec): readonly FlowTaskId[] {
  const references = [...collectReferences(config), ...collectReferences(input)];
  return [...new Set(references.map(({ taskId }) => taskId))];
}

function retryPolicy(task: FlowTaskSpec, { retries }: QueueDefaults): RetryPolicy {
  const { backoff_secs, max_backoff_secs } = task;
  return {
    retries: task.retries ?? retries,
    backoffMs: Math.round(backoff_secs * 1000),
    maxBackoffMs: Math.round(
      (max_backoff_secs ?? Math.max(DEFAULT_MAX_BACKOFF_SECS, backoff_secs)) * 1000,
    ),
  };
}

/** A limit in milliseconds, at least one; null for none, which is written as 0. */
function limitMs(secs: number): number | null {
  return secs === 0 ? null : Math.max(1, Math.round(secs * 1000));
}
