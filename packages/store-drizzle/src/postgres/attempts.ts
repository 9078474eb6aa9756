import type { Attempt, EpochMs, FlowTaskRef, RunnerId, TaskFailure } from '@tasked/core';
import { attemptEndOf, END } from '../encoding/codes.ts';
import type { Database } from './database.ts';

interface AttemptRow {
  readonly fence: number;
  readonly runnerId: RunnerId;
  readonly startedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly end: number | null;
  readonly failure: string | null;
}

/** `FlowStore.listAttempts`: the last attempt stands in the task's row, the ones before in rows of their own. */
export async function listAttempts(
  db: Database,
  { flowId, taskId }: FlowTaskRef,
): Promise<readonly Attempt[]> {
  const rows = await db.query<AttemptRow>(
    `with task as (
       select t.* from @flow f join @flow_task t on t.flow_key = f.key
       where f.id = $1 and t.id = $2 and t.fence > 0
     ), every as (
       select a.fence, a.runner_key, a.started_at, a.ended_at, a.attempt_end, a.failure
       from task t join @attempt a on a.task_key = t.key
       union all
       select fence, runner_key, started_at, attempt_ended_at, attempt_end,
         case when attempt_end in (${END.failed}, ${END.retry}) then failure end
       from task
     )
     select e.fence, r.id as "runnerId", e.started_at as "startedAt", e.ended_at as "endedAt",
       e.attempt_end as "end", e.failure
     from every e join @runner r on r.key = e.runner_key order by e.fence`,
    [flowId, taskId],
  );
  return rows.map((row, index) => attemptOf(row, rows[index - 1]));
}

/** A take-over opens an attempt at the moment at which it ends the one before, without a claim. */
function attemptOf({ end, failure, ...row }: AttemptRow, before: AttemptRow | undefined): Attempt {
  const takenAt = before?.end === END.lost ? before.endedAt : null;
  return {
    ...row,
    startedAt: takenAt ?? row.startedAt,
    end: end === null ? null : attemptEndOf(end),
    failure: failure === null ? null : (JSON.parse(failure) as TaskFailure),
  };
}
