import type {
  AnsweredInputs,
  AnswerInputs,
  FlowTaskId,
  InputRef,
  RefusedAnswer,
} from '@tasked/core';
import type { Database, Statement } from 'better-sqlite3';
import { TASK } from '../encoding/codes.ts';
import { refusalOf } from '../encoding/refusal.ts';
import type { InputRow, Inputs } from './inputs.ts';
import type { Ledger } from './tick/ledger.ts';

interface FoundTask {
  readonly key: number;
  readonly state: number;
}

/** A task that answers name, and everything it ever asked for. */
interface NamedTask extends FoundTask {
  readonly inputs: readonly InputRow[];
}

/** Takes answers, and lets tasks go on that have all they waited for. */
export class Answering {
  readonly #inputs: Inputs;
  readonly #find: Statement<[number, FlowTaskId], FoundTask>;
  readonly #touch: Statement<[number, number]>;
  readonly #resume: Statement<[number, number]>;

  constructor(db: Database, inputs: Inputs) {
    this.#inputs = inputs;
    this.#find = db.prepare(
      'select key, state from flow_task indexed by flow_task_id where flow_key = ? and id = ?',
    );
    this.#touch = db.prepare('update flow_task set rev = ? where key = ?');
    this.#resume = db.prepare(
      `update flow_task set state = ${TASK.ready}, available_at = null, rev = ? where key = ?`,
    );
  }

  /** `FlowStore.answerInputs`; `texts` are the answers as JSON. MUST run inside a write transaction. */
  answer(
    { flowId, owner, answers }: AnswerInputs,
    texts: readonly string[],
    ledger: Ledger,
  ): AnsweredInputs | null {
    const flow = ledger.flowById(flowId);
    if (flow?.owner !== owner) return null;
    const named = new Map<FlowTaskId, NamedTask | null>();
    const accepted: InputRef[] = [];
    const refused: RefusedAnswer[] = [];
    for (const [index, { taskId, key }] of answers.entries()) {
      const task = this.#named(flow.key, taskId, named);
      const input = task?.inputs.find((one) => one.key === key);
      const why = refusalOf(input, task?.state);
      if (why !== null || task === null || input === undefined) {
        refused.push({ taskId, key, why: why ?? 'unknown' });
        continue;
      }
      accepted.push({ taskId, key });
      input.answer = texts[index] as string;
      input.isOpen = 0;
      this.#inputs.answer(task.key, input.number, input.answer);
    }
    for (const taskId of new Set(accepted.map((ref) => ref.taskId))) {
      const { key, inputs } = named.get(taskId) as NamedTask;
      if (inputs.some(({ isOpen }) => isOpen === 1)) {
        this.#touch.run(flow.rev, key);
        flow.changed = true;
      } else {
        this.#resume.run(flow.rev, key);
        ledger.move(flow, TASK.waiting, TASK.ready);
      }
    }
    return { accepted, refused };
  }

  #named(
    flowKey: number,
    taskId: FlowTaskId,
    known: Map<FlowTaskId, NamedTask | null>,
  ): NamedTask | null {
    const before = known.get(taskId);
    if (before !== undefined) return before;
    const found = this.#find.get(flowKey, taskId);
    const task = found === undefined ? null : { ...found, inputs: this.#inputs.ofTask(found.key) };
    known.set(taskId, task);
    return task;
  }
}
