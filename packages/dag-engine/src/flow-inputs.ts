import {
  type EpochMs,
  type Flow,
  type InputAnswer,
  type InputRef,
  type JsonValue,
  type OutstandingInput,
  type RefusalReason,
  type Store,
  TaskedError,
} from '@tasked/core';
import { addressOf, type InputAddress, inputAt } from './input-address.ts';
import { MAX_INPUT_BYTES } from './input-flaw.ts';
import { measureJson } from './measure-json.ts';

/** An input that a flow waits for. */
export interface FlowInput extends OutstandingInput {
  /** What `Flows.answerInputs` takes as its key. */
  readonly address: InputAddress;
}

/** What became of answers, by address, in the order in which they were given. */
export interface AnswersTaken {
  readonly accepted: readonly InputAddress[];
  readonly refused: readonly { readonly address: InputAddress; readonly why: RefusalReason }[];
}

/** Answers by address. */
export type Answers = Readonly<Record<InputAddress, JsonValue>>;

/** What a flow asks for now. */
export async function listFlowInputs(store: Store, flow: Flow): Promise<readonly FlowInput[]> {
  if (flow.counts.waiting === 0) return [];
  const inputs = await store.listInputs(flow.id);
  return inputs.map((input) => ({ address: addressOf(flow, input), ...input }));
}

/** Answers inputs of a flow. Throws `invalid_input` or `limit_exceeded` for what cannot be stored; then none is taken. */
export async function answerFlowInputs(
  store: Store,
  flow: Flow,
  { answers, now }: { readonly answers: Answers; readonly now: EpochMs },
): Promise<AnswersTaken> {
  const onlyTask = flow.taskCount === 1 ? await idOfOnlyTask(store, flow) : null;
  const known: InputAnswer[] = [];
  const unknown: InputAddress[] = [];
  for (const [address, answer] of Object.entries(answers)) {
    refuseUnstorable(address, answer);
    const ref = inputAt(address, onlyTask);
    if (ref === null) unknown.push(address);
    else known.push({ ...ref, answer });
  }
  const { id: flowId, owner } = flow;
  const taken = await store.answerInputs({ flowId, owner, answers: known, now });
  const named = (ref: InputRef) => addressOf(flow, ref);
  return {
    accepted: (taken?.accepted ?? []).map(named),
    refused: [
      ...(taken?.refused ?? []).map((ref) => ({ address: named(ref), why: ref.why })),
      ...unknown.map((address) => ({ address, why: 'unknown' as const })),
    ],
  };
}

async function idOfOnlyTask(store: Store, { id: flowId }: Flow): Promise<string | null> {
  const [task] = await store.listFlowTasks({ flowId, limit: 1 });
  return task?.id ?? null;
}

function refuseUnstorable(address: InputAddress, answer: unknown): void {
  const measured = measureJson(answer, MAX_INPUT_BYTES);
  if (measured.kind === 'fits') return;
  const code = measured.kind === 'too_large' ? 'limit_exceeded' : 'invalid_input';
  throw new TaskedError(code, `the answer to "${address}" ${measured.flaw}`);
}
