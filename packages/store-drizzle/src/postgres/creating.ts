import { type CreateFlowResult, type NewFlow, TaskedError } from '@tasked/core';
import { RULE } from '../encoding/codes.ts';
import { type EncodedTask, encodeTasks } from '../encoding/encoded-task.ts';
import type { Database } from './database.ts';

interface Answer {
  readonly kind: CreateFlowResult['kind'] | 'no_queue';
  readonly flow_id: string;
}

/** `FlowStore.createFlow`: one call of the function `create_flow`. */
export async function createFlow(db: Database, flow: NewFlow): Promise<CreateFlowResult> {
  const tasks = encodeTasks(flow.tasks);
  const answer = await db.row<Answer>(
    'select * from @create_flow($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [
      flow.id,
      flow.owner,
      flow.queue,
      flow.failFast,
      flow.createdAt,
      flow.ttlMs,
      flow.idempotency?.key ?? null,
      flow.idempotency?.specHash ?? null,
      JSON.stringify(tasks.map(toRow)),
    ],
  );
  const { kind, flow_id: flowId } = answer as Answer;
  if (kind !== 'no_queue') return { kind, flowId };
  throw new TaskedError('not_found', `there is no queue ${flow.queue}: create it first`);
}

function toRow({ task, config, input, needs, dependents }: EncodedTask, i: number): object {
  return {
    i,
    id: task.id,
    executor: task.executor,
    priority: task.priority,
    open: task.dependsOn.length + task.holds,
    holds: task.holds,
    rule: RULE[task.triggerRule],
    allow_failure: task.allowFailure,
    dependents: dependents === null ? null : JSON.parse(dependents),
    config,
    input,
    needs,
    retries: task.retry.retries,
    backoff_ms: task.retry.backoffMs,
    max_backoff_ms: task.retry.maxBackoffMs,
    timeout_ms: task.timeoutMs,
  };
}
