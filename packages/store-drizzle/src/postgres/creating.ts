import { type CreateFlowResult, type NewFlow, TaskedError } from '@tasked/core';
import { RULE } from '../encoding/codes.ts';
import { type EncodedTask, encodeTasks } from '../encoding/encoded-task.ts';
import type { Element } from './array-literal.ts';
import type { Database } from './database.ts';

interface Answer {
  readonly kind: CreateFlowResult['kind'] | 'no_queue';
  readonly flow_id: string;
}

/** `FlowStore.createFlow`: one call of the function `create_flow`. */
export async function createFlow(db: Database, flow: NewFlow): Promise<CreateFlowResult> {
  const tasks = encodeTasks(flow.tasks);
  const each = (column: (encoded: EncodedTask) => Element) => tasks.map(column);
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
    each(({ task }) => task.id),
    each(({ task }) => task.executor),
    each(({ task }) => task.priority),
    each(({ task }) => task.dependsOn.length + task.holds),
    each(({ task }) => task.holds),
    each(({ task }) => RULE[task.triggerRule]),
    each(({ task }) => task.allowFailure),
    // An array within an array of PostgreSQL would be one of its dimensions.
    each(({ dependents }) => dependents && `{${dependents.slice(1, -1)}}`),
    each(({ config }) => config),
    each(({ input }) => input),
    each(({ needs }) => needs),
    each(({ task }) => task.retry.retries),
    each(({ task }) => task.retry.backoffMs),
    each(({ task }) => task.retry.maxBackoffMs),
    each(({ task }) => task.timeoutMs),
  ]);
  const { kind, flow_id: flowId } = answer as Answer;
  if (kind !== 'no_queue') return { kind, flowId };
  throw new TaskedError('not_found', `there is no queue ${flow.queue}: create it first`);
}
