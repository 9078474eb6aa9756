import type { Attempt, FlowTaskRef } from '@tasked/core';
import { type AttemptRow, attemptsOf } from '../encoding/attempt-row.ts';
import { END } from '../encoding/codes.ts';
import type { Database } from './database.ts';

/** `FlowStore.listAttempts`: the last attempt stands in the task's row, the ones before have rows of their own. */
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
       from task t join @attempt a on a.task_key = t.key and a.fence < t.fence
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
  return attemptsOf(rows);
}
