import { answerCases } from './cases/answers.ts';
import { attemptCases } from './cases/attempts.ts';
import { batchCases } from './cases/batches.ts';
import { cancelCases } from './cases/cancel.ts';
import { changeCases } from './cases/changes.ts';
import { claimOrderCases } from './cases/claim-order.ts';
import { claimCases } from './cases/claims.ts';
import { closingCases } from './cases/closing.ts';
import { createFlowCases } from './cases/create-flow.ts';
import { delayCases } from './cases/delays.ts';
import { failFastCases } from './cases/fail-fast.ts';
import { fanInCases } from './cases/fan-in.ts';
import { fateCases } from './cases/fates.ts';
import { fenceCases } from './cases/fences.ts';
import { flowEndCases } from './cases/flow-ends.ts';
import { flowListCases } from './cases/flow-lists.ts';
import { hintCases } from './cases/hints.ts';
import { holdCases } from './cases/holds.ts';
import { idempotencyCases } from './cases/idempotency.ts';
import { inputCases } from './cases/inputs.ts';
import { jsonCases } from './cases/json.ts';
import { outputCases } from './cases/outputs.ts';
import { ownerCases } from './cases/owners.ts';
import { pruneCases } from './cases/prune.ts';
import { queueCases } from './cases/queues.ts';
import { reopeningCases } from './cases/reopening.ts';
import { reportCases } from './cases/reports.ts';
import { runnerCases } from './cases/runners.ts';
import { settlementCases } from './cases/settlements.ts';
import { sharingCases } from './cases/sharing.ts';
import { skipCases } from './cases/skips.ts';
import { slotCases } from './cases/slots.ts';
import { standingCases } from './cases/standing.ts';
import { takeOverCases } from './cases/take-over.ts';
import { taskListCases } from './cases/task-lists.ts';
import type { StoreCase } from './store-case.ts';

/** The whole contract, by concern: one entry for every file of `cases/`. */
export const STORE_CASES: Readonly<Record<string, readonly StoreCase[]>> = {
  'create-flow': createFlowCases,
  idempotency: idempotencyCases,
  claims: claimCases,
  'claim-order': claimOrderCases,
  standing: standingCases,
  delays: delayCases,
  settlements: settlementCases,
  inputs: inputCases,
  answers: answerCases,
  reports: reportCases,
  fences: fenceCases,
  batches: batchCases,
  'fan-in': fanInCases,
  fates: fateCases,
  skips: skipCases,
  'flow-ends': flowEndCases,
  'fail-fast': failFastCases,
  queues: queueCases,
  slots: slotCases,
  holds: holdCases,
  runners: runnerCases,
  'take-over': takeOverCases,
  cancel: cancelCases,
  changes: changeCases,
  'flow-lists': flowListCases,
  'task-lists': taskListCases,
  owners: ownerCases,
  attempts: attemptCases,
  outputs: outputCases,
  json: jsonCases,
  prune: pruneCases,
  hints: hintCases,
  closing: closingCases,
  reopening: reopeningCases,
  sharing: sharingCases,
};
