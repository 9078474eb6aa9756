import type { EpochMs, Settlement } from '@tasked/core';
import { END } from '../encoding/codes.ts';
import type { EncodedSettlement } from '../encoding/encoded-settlement.ts';
import { flowKeyOf } from '../encoding/flow-task-key.ts';
import { isShortOutput } from '../encoding/short-output.ts';
import { unlessSilent } from './array-literal.ts';
import type { Parameter } from './database.ts';
import type { KnownTask } from './known-tasks.ts';

/** A settlement and where its task stands. */
export interface Ended extends EncodedSettlement {
  /** Its place in the tick. */
  readonly index: number;
  readonly task: KnownTask;
}

/** Settlements as the function `advance` takes them, in the order of their keys. */
export function settlementColumns(ended: readonly Ended[]): readonly Parameter[] {
  return [...columnsOf(ended), asksOf(ended), longOutputsOf(ended)];
}

/** Settlements as the function takes them: side by side. An array of which no element says anything is empty. */
function columnsOf(ended: readonly Ended[]): readonly Parameter[] {
  const all = ended.map(({ settlement }) => settlement);
  const tasks = ended.map(({ task }) => task);
  return [
    [...new Set(tasks.map(({ key }) => flowKeyOf(key)))],
    tasks.map(({ key }) => key),
    all.map(({ attempt }) => attempt.fence),
    all.map(({ kind }) => END[kind]),
    unlessSilent(ended.map(({ output }) => (isLong(output) ? null : output))),
    unlessSilent(tasks.map(({ limitedQueue }) => limitedQueue)),
    unlessSilent(ended.map(({ failure }) => failure)),
    unlessSilent(all.map(availableAt)),
    unlessSilent(all.map((settlement) => isFree(settlement) || null)),
    new Set(tasks.map(({ key }) => key)).size === tasks.length,
  ];
}

/** Outputs that are not stored with their tasks, by the place of their settlement; null for none. */
function longOutputsOf(settle: readonly EncodedSettlement[]): string | null {
  const long = settle.flatMap(({ output }, index) =>
    isLong(output) ? [{ n: index + 1, o: output }] : [],
  );
  return long.length === 0 ? null : JSON.stringify(long);
}

function isLong(output: string | null): boolean {
  return output !== null && !isShortOutput(output);
}

function availableAt(settlement: Settlement): EpochMs | null {
  if (settlement.kind === 'waiting') return settlement.deadlineAt;
  return 'availableAt' in settlement ? settlement.availableAt : null;
}

/** True when the attempt is given back to the budget. */
function isFree(settlement: Settlement): boolean {
  const { kind } = settlement;
  return kind === 'released' ? !settlement.spent : kind === 'snooze' || kind === 'waiting';
}

/** What tasks that wait ask for, by the place of their settlement; null when none waits. */
function asksOf(settle: readonly EncodedSettlement[]): string | null {
  const asks = settle.flatMap(({ requests }, index) =>
    requests === null ? [] : [{ n: index + 1, k: requests }],
  );
  return asks.length === 0 ? null : JSON.stringify(asks);
}
