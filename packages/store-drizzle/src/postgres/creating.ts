import { type CreateFlowResult, type NewFlow, type NewFlowTask, TaskedError } from '@tasked/core';
import { RULE } from '../encoding/codes.ts';
import { encodeTasks } from '../encoding/encoded-task.ts';
import { type Element, unlessSilent } from './array-literal.ts';
import type { Database } from './database.ts';

interface Answer {
  readonly kind: CreateFlowResult['kind'] | 'no_queue';
  readonly flow_id: string;
}

/** `FlowStore.createFlow`: one call of the function `create_flow`. */
export async function createFlow(db: Database, flow: NewFlow): Promise<CreateFlowResult> {
  const tasks = encodeTasks(flow.tasks);
  const sorts = sortsOf(flow.tasks);
  const each = (column: (task: NewFlowTask) => Element) => sorts.examples.map(column);
  const [answer] = await db.call<Answer>('create_flow', [
    flow.id,
    flow.owner,
    flow.queue,
    flow.failFast,
    flow.createdAt,
    flow.ttlMs,
    flow.idempotency?.key ?? null,
    flow.idempotency?.specHash ?? null,
    flow.idempotency?.heldSince ?? null,
    tasks.map(({ task }) => task.id),
    sorts.places,
    tasks.map(({ task }) => task.dependsOn.length + task.holds),
    unlessSilent(tasks.map(({ task }) => task.holds || null)),
    // An array within an array of PostgreSQL would be one of its dimensions.
    unlessSilent(tasks.map(({ dependents }) => dependents && `{${dependents.slice(1, -1)}}`)),
    tasks.map(({ config }) => config),
    tasks.map(({ input }) => input),
    unlessSilent(tasks.map(({ needs }) => needs)),
    each((task) => task.executor),
    each((task) => task.priority),
    each((task) => RULE[task.triggerRule]),
    each((task) => task.allowFailure),
    each((task) => task.retry.retries),
    each((task) => task.retry.backoffMs),
    each((task) => task.retry.maxBackoffMs),
    each((task) => task.timeoutMs),
  ]);
  const { kind, flow_id: flowId } = answer as Answer;
  if (kind !== 'no_queue') return { kind, flowId };
  throw new TaskedError('not_found', `there is no queue ${flow.queue}: create it first`);
}

/** What many tasks have in common is told once: a task of each sort, and by task the place of its sort, from 1. */
function sortsOf(tasks: readonly NewFlowTask[]) {
  const examples: NewFlowTask[] = [];
  const known = new Map<string, number>();
  const places = tasks.map((task) => {
    const { executor, priority, triggerRule, allowFailure, retry, timeoutMs } = task;
    const { retries, backoffMs, maxBackoffMs } = retry;
    const sort = `${priority} ${triggerRule} ${allowFailure} ${retries} ${backoffMs} ${maxBackoffMs} ${timeoutMs} ${executor}`;
    const place = known.get(sort) ?? examples.push(task);
    known.set(sort, place);
    return place;
  });
  return { examples, places };
}
