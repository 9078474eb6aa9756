import type { Executor, Fault, JsonObject } from '@tasked/core';
import { tasksById } from './dependency-faults.ts';
import { examineJson, type JsonFlaw } from './examine-json.ts';
import type { FaultList } from './fault-list.ts';
import type { TaskDraft } from './flow-draft.ts';
import { MAX_FLOW_BYTES, MAX_TASK_BYTES } from './flow-limits.ts';
import { isObject } from './flow-spec.ts';
import { joinPaths, pathText } from './json-path.ts';
import { type Nearest, nearestOf } from './nearest.ts';
import { addReferenceFaults, type ReferenceScope } from './reference-faults.ts';
import { showValue } from './show-value.ts';
import { mayHoldReferences } from './visit-texts.ts';

type Executors = ReadonlyMap<string, Executor>;

/** Adds what is wrong inside single tasks: executor, config, input, references, sizes. */
export function addTaskFaults(
  drafts: readonly TaskDraft[],
  executors: Executors,
  faults: FaultList,
): void {
  const byId = tasksById(drafts);
  const scope: ReferenceScope = { byId, nearest: nearestOf(byId.keys()), executors };
  const nearest = nearestOf(executors.keys());
  let flowBytes = 0;
  for (const draft of drafts) {
    const config = judgeField(draft, 'config', scope, faults);
    const input = judgeField(draft, 'input', scope, faults);
    const bytes = (config ?? 0) + (input ?? 0);
    flowBytes += bytes;
    if (bytes > MAX_TASK_BYTES) {
      faults.add('limit_exceeded', () => tooLarge(`tasks[${draft.index}]`, bytes));
    }
    judgeExecutor(draft, config !== null, { executors, nearest, faults });
  }
  if (flowBytes > MAX_FLOW_BYTES) faults.add('limit_exceeded', () => flowTooLarge(flowBytes));
}

/** Returns the bytes of the field's JSON; null when it is flawed or too large, which was added then. */
function judgeField(
  draft: TaskDraft,
  field: 'config' | 'input',
  scope: ReferenceScope,
  faults: FaultList,
): number | null {
  const value = draft[field];
  if (value === undefined) return 0;
  const exam = examineJson(value);
  if (exam.kind === 'too_large') {
    faults.add('limit_exceeded', () => tooLarge(`tasks[${draft.index}].${field}`));
    return null;
  }
  if (exam.kind === 'flawed') {
    for (const flaw of exam.flaws) {
      faults.add('invalid_input', () => flawFault(`tasks[${draft.index}].${field}`, flaw));
    }
    return null;
  }
  if (mayHoldReferences(exam.json)) addReferenceFaults(draft, field, scope, faults);
  return Buffer.byteLength(exam.json);
}

interface KnownExecutors {
  readonly executors: Executors;
  readonly nearest: Nearest;
  readonly faults: FaultList;
}

function judgeExecutor(draft: TaskDraft, isSound: boolean, known: KnownExecutors): void {
  if (draft.executor === undefined) return;
  const executor = known.executors.get(draft.executor);
  if (executor === undefined) {
    known.faults.add('invalid_input', () => unknownExecutor(draft, known));
    return;
  }
  const config = draft.config === undefined ? {} : draft.config;
  if (!isSound || !isObject(config)) return;
  for (const fault of executor.check(config as JsonObject)) {
    const path = joinPaths(`tasks[${draft.index}].config`, fault.path);
    known.faults.add('invalid_input', () => ({ ...fault, path }));
  }
}

function unknownExecutor(draft: TaskDraft, { executors, nearest }: KnownExecutors): Fault {
  const meant = nearest(draft.executor ?? '');
  return {
    path: `tasks[${draft.index}].executor`,
    message: 'there is no such executor',
    got: showValue(draft.executor),
    expected: [...executors.keys()].join(', '),
    ...(meant === undefined ? {} : { didYouMean: meant }),
  };
}

function flawFault(root: string, { path, message, found }: JsonFlaw): Fault {
  const place = joinPaths(root, pathText(path));
  return { path: place, message, ...(found === undefined ? {} : { got: showValue(found) }) };
}

const ADVICE = 'put large data into a file and pass its path';

function tooLarge(path: string, bytes?: number): Fault {
  return {
    path,
    message: `config and input of one task are too large; ${ADVICE}`,
    got: bytes === undefined ? 'more than that' : `${bytes} bytes of JSON`,
    expected: `at most ${MAX_TASK_BYTES} bytes of JSON together`,
  };
}

function flowTooLarge(bytes: number): Fault {
  return {
    path: 'tasks',
    message: `config and input of all tasks together are too large; ${ADVICE}`,
    got: `${bytes} bytes of JSON`,
    expected: `at most ${MAX_FLOW_BYTES} bytes of JSON`,
  };
}
