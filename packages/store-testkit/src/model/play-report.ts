import assert from 'node:assert/strict';
import type { Report } from '@tasked/core';
import type { ReportCommand } from './sequence.ts';
import type { Stage } from './stage.ts';

/** An attempt reports, maybe one that does not run any more. */
export async function playReport(stage: Stage, command: ReportCommand): Promise<void> {
  const { store, model } = stage;
  const held = model.tasks((task) => task.held !== undefined);
  const task = held[command.attempt % held.length];
  if (task === undefined) return;
  const { saved, progress } = command;
  const report: Report = {
    ...(saved === null ? {} : { saved }),
    ...(progress === null ? {} : { progress: { ...progress } }),
  };
  const fence = task.attempts.length + command.staleBy;
  const attempt = { flowId: task.flow.spec.id, taskId: task.spec.id, fence };
  assert.equal(await store.report(attempt, report), model.report(attempt, report), 'a report');
  await stage.compare();
}
