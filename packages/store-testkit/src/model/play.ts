import assert from 'node:assert/strict';
import { isTaskedError, MAX_TICK, type RunnerId } from '@tasked/core';
import { playAnswer } from './play-answer.ts';
import { playPrune } from './play-prune.ts';
import { playReport } from './play-report.ts';
import { playTakeOver } from './play-take-over.ts';
import { playTick } from './play-tick.ts';
import { type Command, EXECUTORS, type HoldCommand } from './sequence.ts';
import type { Stage } from './stage.ts';

/** Gives one command to the store and to the model; rejects where they differ. */
export async function play(stage: Stage, command: Command): Promise<void> {
  switch (command.do) {
    case 'submit':
      return stage.submit(command.flow);
    case 'tick':
      return playTick(stage, command);
    case 'late-tick':
      return playLateTick(stage, command.runner);
    case 'wait':
      stage.now += command.ms;
      return;
    case 'cancel':
      return playCancel(stage, command.flow);
    case 'crash':
      return playCrash(stage, stage.runner(command.runner));
    case 'take-over':
      return playTakeOver(stage, stage.runner(command.runner), command.limit);
    case 'prune':
      return playPrune(stage, command);
    case 'pause':
      return playPause(stage, stage.queue(command.queue), command.paused);
    case 'hold':
      return playHold(stage, command);
    case 'answer':
      return playAnswer(stage, command);
    case 'report':
      return playReport(stage, command);
  }
}

/** Ends everything, so that the next sequence in the same store begins with nothing in its way. */
export async function windUp(stage: Stage): Promise<void> {
  for (const flow of stage.mirrors.keys()) await playCancel(stage, flow);
  const last = stage.runner(0);
  for (const runner of stage.runners.filter((id) => id !== last)) await playCrash(stage, runner);
  await playTakeOver(stage, last, MAX_TICK);
  const stop = { attempt: 0, own: true, staleBy: 0, how: 'stop', delayMs: 0 } as const;
  const choice = { ...stop, keys: [], hasDeadline: false };
  const settle = stage.held(last).map(() => choice);
  await playTick(stage, { do: 'tick', runner: 0, settle, claim: null });
  assert.deepEqual(stage.held(last), [], 'what is still held when all is over');
  await stage.store.unregisterRunner(last);
}

/** A dead runner is told so, and nothing of its tick is done. */
async function playLateTick(stage: Stage, number: number): Promise<void> {
  const runnerId = stage.dead[number % stage.dead.length];
  if (runnerId === undefined) return;
  const claim = { limit: 5, executors: EXECUTORS };
  const settle = stage.held(runnerId).map(({ flow, spec, attempts }) => ({
    attempt: { flowId: flow.spec.id, taskId: spec.id, fence: attempts.length },
    kind: 'succeeded' as const,
    output: 'late',
  }));
  const result = await stage.store.advance({ runnerId, now: stage.now, settle, claim });
  assert.deepEqual(result, { runner: 'lost' });
  await stage.compare();
}

async function playCancel(stage: Stage, number: number): Promise<void> {
  const mirror = stage.mirrors[number % stage.mirrors.length];
  if (mirror === undefined) return;
  const { spec, state } = mirror.model;
  const cancel = { flowId: spec.id, owner: spec.owner, now: stage.now };
  const result = await stage.store.cancelFlow(cancel);
  stage.model.cancel(mirror.model);
  await stage.compare();
  assert.deepEqual(result, { cancelled: state === 'running', flow: mirror.flow });
}

/** A runner dies and a new one comes in its place. */
async function playCrash(stage: Stage, runner: RunnerId): Promise<void> {
  await stage.store.unregisterRunner(runner);
  stage.runners.splice(stage.runners.indexOf(runner), 1);
  stage.dead.push(runner);
  if (stage.runners.length === 0) await stage.register();
  await stage.compare();
}

async function playPause(stage: Stage, name: string, paused: boolean): Promise<void> {
  await stage.store.setQueuePaused(name, paused);
  Object.assign(stage.model.queues.get(name) ?? {}, { paused });
  await stage.compare();
}

async function playHold(stage: Stage, command: HoldCommand): Promise<void> {
  const { store, model, now } = stage;
  const flow = model.flows[command.flow % model.flows.length];
  if (flow === undefined) return;
  const choice = flow.tasks.filter((task) => task.holds > 0 || !command.held);
  const tasks = command.tasks.flatMap((number) => choice[number % choice.length] ?? []);
  const holds = { flowId: flow.spec.id, taskIds: tasks.map(({ spec }) => spec.id), now };
  const blocked = [...new Set(tasks)].filter(({ state }) => state === 'blocked');
  const illegal = command.change === -1 && blocked.some((task) => task.holds === 0);
  const call = command.change === 1 ? store.addHold(holds) : store.removeHold(holds);
  if (illegal) {
    await assert.rejects(
      call,
      (error) => isTaskedError(error) && error.code === 'illegal_transition',
    );
  } else {
    assert.deepEqual(
      await call,
      blocked.map(({ spec }) => spec.id),
    );
    model.changeHolds(blocked, command.change);
  }
  await stage.compare();
}
