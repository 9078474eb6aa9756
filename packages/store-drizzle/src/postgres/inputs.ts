import type {
  AnsweredInputs,
  AnswerInputs,
  AttemptRef,
  ChangedFlow,
  EpochMs,
  FlowId,
  InputRef,
  JsonObject,
  OutstandingInput,
  RefusalReason,
  RefusedAnswer,
  Report,
} from '@tasked/core';
import { encodeAnswers } from '../encoding/encoded-answers.ts';
import { encodeReport } from '../encoding/encoded-report.ts';
import type { Database } from './database.ts';

interface OutstandingRow {
  readonly taskId: string;
  readonly key: string;
  readonly request: string;
  readonly deadlineAt: EpochMs | null;
}

interface AnswerRow {
  readonly kind: 'accepted' | 'refused' | 'changed' | 'stranger';
  readonly place: number;
  readonly why: RefusalReason;
  readonly flow_rev: number;
  readonly flow_ended: boolean;
}

/** What became of answers, and the flow if that changed. */
export interface Answered {
  readonly answered: AnsweredInputs | null;
  readonly changed: readonly ChangedFlow[];
}

/** Whether a report was kept, and the flow if that changed. */
export interface Reported {
  readonly kept: boolean;
  readonly changed: readonly ChangedFlow[];
}

/** `FlowStore.listInputs`. */
export async function listInputs(
  db: Database,
  flowId: FlowId,
): Promise<readonly OutstandingInput[]> {
  const rows = await db.query<OutstandingRow>(
    `select t.id as "taskId", i.key, i.request, t.available_at as "deadlineAt"
     from @flow f
       join @input i on i.task_key >= f.key * 1048576 and i.task_key < (f.key + 1) * 1048576
       join @flow_task t on t.key = i.task_key
     where f.id = $1 and i.is_open and t.state = 4 order by i.task_key, i.number`,
    [flowId],
  );
  return rows.map((row) => ({ ...row, request: JSON.parse(row.request) as JsonObject }));
}

/** `FlowStore.answerInputs`: one call of the function `answer_inputs`. */
export async function answerInputs(db: Database, call: AnswerInputs): Promise<Answered> {
  const { flowId, owner, answers, now } = call;
  const texts = encodeAnswers(call);
  const given = answers.map(({ taskId, key }, n) => ({ n, t: taskId, k: key, a: texts[n] }));
  const rows = await db.query<AnswerRow>('select * from @answer_inputs($1, $2, $3, $4)', [
    flowId,
    owner,
    JSON.stringify(given),
    now,
  ]);
  if (rows[0]?.kind === 'stranger') return { answered: null, changed: [] };
  const accepted: InputRef[] = [];
  const refused: RefusedAnswer[] = [];
  const changed: ChangedFlow[] = [];
  for (const { kind, place, why, flow_rev: rev, flow_ended: ended } of rows) {
    if (kind === 'changed') {
      changed.push({ flowId, rev, ended });
      continue;
    }
    const { taskId, key } = answers[place] as InputRef;
    if (kind === 'accepted') accepted.push({ taskId, key });
    else refused.push({ taskId, key, why });
  }
  return { answered: { accepted, refused }, changed };
}

/** `WorkStore.report`: one call of the function `report`. */
export async function report(db: Database, attempt: AttemptRef, what: Report): Promise<Reported> {
  const { flowId, taskId, fence } = attempt;
  const { saved, progress } = encodeReport(what);
  const rows = await db.query<{ flow_rev: number | null }>(
    'select * from @report($1, $2, $3, $4, $5)',
    [flowId, taskId, fence, saved, progress],
  );
  const changed = rows.flatMap(({ flow_rev: rev }) =>
    rev === null ? [] : [{ flowId, rev, ended: false }],
  );
  return { kept: rows.length > 0, changed };
}
