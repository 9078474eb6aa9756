import type { Flow, JsonObject } from '@tasked/core';
import type { Flows } from '@tasked/dag-engine';
import { toolError } from '../error-answer.ts';
import { submittedFlow } from '../submitted-flow.ts';
import { toolResult } from '../tool-result.ts';
import { failureOf } from './flow-progress.ts';

/**
 * The result of a task that was a flow: what submitting it answered, its state as it is now; for a failed one an
 * error with the reason.
 */
export async function flowOutcome(flows: Flows, flow: Flow): Promise<JsonObject> {
  const answer = submittedFlow(flow);
  if (flow.state !== 'failed') return toolResult(answer) as unknown as JsonObject;
  const { next, ...fields } = answer;
  const message = await failureOf(flows, flow);
  return toolError({ code: 'flow_failed', message, ...fields, next }) as unknown as JsonObject;
}
