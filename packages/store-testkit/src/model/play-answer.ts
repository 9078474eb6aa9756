import assert from 'node:assert/strict';
import type { InputRef, RefusedAnswer } from '@tasked/core';
import type { AnswerCommand } from './sequence.ts';
import type { Stage } from './stage.ts';

/** Somebody answers inputs of one flow, maybe what nobody asked for, maybe for the second time. */
export async function playAnswer(stage: Stage, command: AnswerCommand): Promise<void> {
  const { store, model, now } = stage;
  const flow = model.flows[command.flow % model.flows.length];
  if (flow === undefined) return;
  const choice = flow.tasks.filter(({ inputs }) => inputs.size > 0 || !command.asked);
  const answers = command.answers.flatMap(({ task, key }, number) => {
    const taskId = choice[task % choice.length]?.spec.id;
    return taskId === undefined ? [] : [{ taskId, key, answer: { number, at: now } }];
  });
  const { id: flowId, owner } = flow.spec;
  const result = await store.answerInputs({ flowId, owner, answers, now });
  const accepted: InputRef[] = [];
  const refused: RefusedAnswer[] = [];
  for (const answer of answers) {
    const { taskId, key } = answer;
    const why = model.answer(flow, answer);
    if (why === null) accepted.push({ taskId, key });
    else refused.push({ taskId, key, why });
  }
  model.resume(flow);
  assert.deepEqual(result, { accepted, refused }, 'what became of answers');
  await stage.compare();
}
