import { type Fault, FLOW_STATES, type JsonValue } from '@tasked/core';
import type { FlowInput } from '@tasked/dag-engine';
import { z } from 'zod';
import { HOLD_SECS } from '../answer-limits.ts';
import { findFlow } from '../find-flow.ts';
import { flowIdInput } from '../flow-id-input.ts';
import { askedInput, askedInputSchema, judgeAnswer } from '../inputs/asked-input.ts';
import { defineTool, flatInput, invalidArguments } from '../tool.ts';
import type { ToolCall } from '../tool-call.ts';

const description = `Use this to see what a waiting flow asks, and to answer it. Without answers it lists what is asked; show that to the user, and give back what the user says: it is theirs to decide, never yours.
answers has the fields of each form under its key, or {"action": "decline"} for one that the user turns down. Each is checked, counts once, and may be given one by one.`;

const why = z.enum(['unknown', 'answered', 'closed']);

/** `tasked_provide_input`: what a flow asks for, and the answers to it. */
export const provideInputTool = defineTool({
  name: 'tasked_provide_input',
  title: 'Provide input',
  description,
  annotations: {
    readOnlyHint: false,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
  input: flatInput({
    flow_id: flowIdInput,
    answers: z.record(z.string(), z.unknown()).optional().describe('By key.'),
  }),
  output: z.object({
    flow_id: z.string(),
    state: z.enum(FLOW_STATES),
    accepted: z.array(z.string()).optional(),
    refused: z.array(z.object({ key: z.string(), why })).optional(),
    inputs: z.array(askedInputSchema).describe('What is still asked.'),
  }),
  async run({ flow_id, answers = {} }, call) {
    const { flows, owner } = call;
    await findFlow(call, flow_id);
    const given = answers as Readonly<Record<string, JsonValue>>;
    const isGiven = Object.keys(given).length > 0;
    const taken = isGiven ? await answer(call, flow_id, given) : null;
    const flow = await flows.get(flow_id, owner);
    const inputs = await flows.listInputs(flow_id, owner);
    return {
      flow_id,
      state: flow.state,
      ...(taken === null ? {} : { accepted: [...taken.accepted] }),
      ...(taken === null || taken.refused.length === 0
        ? {}
        : { refused: taken.refused.map(({ address, why }) => ({ key: address, why })) }),
      inputs: inputs.map(askedInput),
      next: nextAfter(flow_id, { state: flow.state, open: inputs }),
    };
  },
});

/** Gives all of them, or none when one is wrong. */
async function answer(
  { flows, owner }: ToolCall,
  flowId: string,
  given: Readonly<Record<string, JsonValue>>,
) {
  const open = new Map<string, FlowInput>(
    (await flows.listInputs(flowId, owner)).map((input) => [input.address, input]),
  );
  const sound: [string, JsonValue][] = [];
  const faults: Fault[] = [];
  for (const [key, value] of Object.entries(given)) {
    const input = open.get(key);
    // What is not asked now is for the store to judge: it may have been answered, or closed.
    const judged =
      input === undefined
        ? ({ kind: 'sound', answer: value } as const)
        : await judgeAnswer(input, value);
    if (judged.kind === 'wrong') faults.push(...judged.faults);
    else sound.push([key, judged.answer]);
  }
  if (faults.length > 0) throw invalidArguments(faults);
  return await flows.answerInputs(flowId, owner, Object.fromEntries(sound));
}

function nextAfter(
  flowId: string,
  { state, open }: { readonly state: string; readonly open: readonly FlowInput[] },
): string {
  if (state !== 'running') return `nothing to do: it was ${state} already`;
  if (open.length === 0) {
    return `nothing is asked now: call tasked_flow_status with flow_id ${flowId} and wait_secs ${HOLD_SECS}`;
  }
  const keys = open.map(({ address }) => address).join(', ');
  return `ask the user, and call again with answers for ${keys}`;
}
