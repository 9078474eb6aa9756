import {
  type AnsweredInputs,
  type AnswerInputs,
  decodeJson,
  type EpochMs,
  encodeJson,
  type InputKey,
  type InputRef,
  type JsonObject,
  type OutstandingInput,
  type RefusalReason,
  type RefusedAnswer,
  type Settlement,
} from '@tasked/core';
import type { FlowRecord } from './flow-record.ts';
import type { TaskRecord } from './task-record.ts';
import type { Transaction } from './transaction.ts';

/** One input of a task as the store keeps it. */
export interface InputRecord {
  readonly requestText: string;
  answerText: string | null;
  /** True while somebody may answer it. */
  isOpen: boolean;
}

/** Requests by key, as JSON texts. */
export type RequestTexts = ReadonlyMap<InputKey, string>;

const NO_REQUESTS: RequestTexts = new Map();

/** What a settlement asks for. Throws `invalid_input` for what is no JSON. */
export function requestTexts(settlement: Settlement): RequestTexts {
  if (settlement.kind !== 'waiting') return NO_REQUESTS;
  const { taskId } = settlement.attempt;
  return new Map(
    Object.entries(settlement.inputRequests).map(([key, request]) => [
      key,
      encodeJson(request, `the input request "${key}" of task ${taskId}`),
    ]),
  );
}

/** Lets a task wait for what it has not asked for before; one that has nothing to wait for is ready. */
export function waitForInputs(
  tx: Transaction,
  task: TaskRecord,
  {
    requests,
    deadlineAt,
  }: { readonly requests: RequestTexts; readonly deadlineAt: EpochMs | null },
): void {
  const fresh = [...requests].filter(([key]) => !task.inputs.has(key));
  const asked = fresh.map(([key, requestText]): [InputKey, InputRecord] => [
    key,
    { requestText, answerText: null, isOpen: true },
  ]);
  if (asked.length > 0) task.inputs = new Map([...task.inputs, ...asked]);
  task.flow.inputCount += fresh.length;
  if (fresh.length === 0) tx.move(task, 'ready');
  else tx.postpone(task, 'waiting', deadlineAt);
}

/** What is asked for now; see `FlowStore.listInputs`. */
export function listInputs(flow: FlowRecord): readonly OutstandingInput[] {
  return flow.tasks
    .filter(({ state }) => state === 'waiting')
    .flatMap((task) =>
      [...task.inputs]
        .filter(([, { isOpen }]) => isOpen)
        .map(([key, { requestText }]) => ({
          taskId: task.id,
          key,
          request: decodeJson<JsonObject>(requestText),
          deadlineAt: task.availableAt,
        })),
    );
}

/** Takes what is outstanding and wakes tasks that have all they waited for; see `FlowStore.answerInputs`. */
export function answerInputs(
  tx: Transaction,
  flow: FlowRecord,
  { answers }: AnswerInputs,
): AnsweredInputs {
  const texts = answers.map(({ key, answer }) => encodeJson(answer, `the answer to "${key}"`));
  const accepted: InputRef[] = [];
  const refused: RefusedAnswer[] = [];
  const answered = new Set<TaskRecord>();
  for (const [number, { taskId, key }] of answers.entries()) {
    const task = flow.tasksById.get(taskId);
    const input = task?.inputs.get(key);
    const why = refusal(task, input);
    if (why !== null) {
      refused.push({ taskId, key, why });
      continue;
    }
    accepted.push({ taskId, key });
    Object.assign(input as InputRecord, { answerText: texts[number], isOpen: false });
    answered.add(task as TaskRecord);
  }
  for (const task of answered) {
    if ([...task.inputs.values()].some(({ isOpen }) => isOpen)) tx.touchTask(task);
    else tx.move(task, 'ready');
  }
  return { accepted, refused };
}

function refusal(
  task: TaskRecord | undefined,
  input: InputRecord | undefined,
): RefusalReason | null {
  if (input === undefined) return 'unknown';
  if (input.answerText !== null) return 'answered';
  return input.isOpen && task?.state === 'waiting' ? null : 'closed';
}

/** Asks no more for what a task waits for: its deadline has come. */
export function closeInputs(task: TaskRecord): void {
  for (const input of task.inputs.values()) input.isOpen = false;
}
