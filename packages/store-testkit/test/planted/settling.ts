import type { AttemptRef, FlowTaskRef, JsonValue, Settlement, Store, Tick } from '@tasked/core';
import { answering, keyOf, override, type PlantedBug } from './planted-bug.ts';

/** Bugs in taking back how work ended. */
export const settlingBugs: readonly PlantedBug[] = [
  {
    name: 'ignores the fence of a settlement',
    caughtBy: ['fences.late-after-new-claim', 'fences.never-claimed', 'take-over.old-fence'],
    plant: (store) =>
      settling(store, async (settlement) => {
        const task = await store.getFlowTask(settlement.attempt);
        const fence = task?.fence ?? settlement.attempt.fence;
        return { ...settlement, attempt: { ...settlement.attempt, fence } };
      }),
  },
  {
    name: 'ignores who brings a settlement',
    caughtBy: ['fences.other-runner'],
    plant: (store) =>
      override(store, {
        async advance(tick) {
          const own: Settlement[] = [];
          for (const settlement of tick.settle) {
            const held = (await store.listAttempts(settlement.attempt)).at(-1);
            const runnerId = held?.runnerId ?? tick.runnerId;
            if (runnerId === tick.runnerId) own.push(settlement);
            else await store.advance({ ...tick, runnerId, settle: [settlement], claim: null });
          }
          return store.advance({ ...tick, settle: own });
        },
      }),
  },
  {
    name: 'begins the fence anew when a task is released',
    caughtBy: ['fences.rise', 'settle.released', 'fences.late-after-new-claim'],
    plant: (store) => restartingFences(store),
  },
  {
    name: 'accepts what it has accepted before',
    caughtBy: ['fences.ended'],
    plant(store) {
      const accepted = new Set<string>();
      return override(store, {
        async advance(tick) {
          const result = await store.advance(tick);
          if (result.runner === 'lost') return result;
          const again = (ref: AttemptRef) => accepted.has(`${keyOf(ref)}/${ref.fence}`);
          for (const { attempt } of tick.settle) {
            if (!result.rejected.includes(attempt))
              accepted.add(`${keyOf(attempt)}/${attempt.fence}`);
          }
          return { ...result, rejected: result.rejected.filter((ref) => !again(ref)) };
        },
      });
    },
  },
  {
    name: 'takes the last of several settlements of one attempt',
    caughtBy: ['fences.twice-in-one-tick'],
    plant: (store) =>
      override(store, {
        advance(tick) {
          const last = new Map(tick.settle.map((one) => [keyOf(one.attempt), one]));
          return store.advance({ ...tick, settle: [...last.values()] });
        },
      }),
  },
  {
    name: 'keeps the output of a result that it rejected',
    caughtBy: ['cancel.before-settlement'],
    plant(store) {
      const late = new Map<string, JsonValue>();
      return override(store, {
        async advance(tick) {
          for (const settlement of tick.settle) {
            if (settlement.kind === 'succeeded')
              late.set(keyOf(settlement.attempt), settlement.output);
          }
          return store.advance(tick);
        },
        async readOutputs(refs, maxBytes) {
          const outputs = await store.readOutputs(refs, maxBytes);
          return outputs.map((output, index) => {
            const value = late.get(keyOf(refs[index] as FlowTaskRef));
            return output.kind === 'none' && value !== undefined
              ? { kind: 'output', value }
              : output;
          });
        },
      });
    },
  },
  {
    name: 'commits every settlement on its own',
    caughtBy: ['batches.throwing-tick'],
    plant: (store) =>
      override(store, {
        async advance(tick) {
          const rejected: AttemptRef[] = [];
          for (const settlement of tick.settle) {
            const one = await store.advance({ ...tick, settle: [settlement], claim: null });
            if (one.runner === 'ok') rejected.push(...one.rejected);
          }
          const last = await store.advance({ ...tick, settle: [] });
          return last.runner === 'ok' ? { ...last, rejected } : last;
        },
      }),
  },
  {
    name: 'rejects the whole tick for one settlement that does not count',
    caughtBy: ['batches.impossible-settlement', 'fences.twice-in-one-tick'],
    plant: (store) =>
      override(store, {
        async advance(tick) {
          const fences = await Promise.all(
            tick.settle.map(async ({ attempt }) => (await store.getFlowTask(attempt))?.fence),
          );
          const twice = new Set(tick.settle.map(({ attempt }) => keyOf(attempt))).size;
          const fine = tick.settle.every(({ attempt }, index) => attempt.fence === fences[index]);
          if (fine && twice === tick.settle.length) return store.advance(tick);
          const result = await store.advance({ ...tick, settle: [] });
          if (result.runner === 'lost') return result;
          return { ...result, rejected: tick.settle.map(({ attempt }) => attempt) };
        },
      }),
  },
  {
    name: 'throws away what is beyond the limit of a tick instead of refusing it',
    caughtBy: ['batches.too-large'],
    plant: (store) =>
      override(store, {
        advance: (tick) => store.advance({ ...tick, settle: tick.settle.slice(0, 1_000) }),
      }),
  },
  {
    name: 'spends an attempt for a snooze',
    caughtBy: ['settle.snooze', 'settle.budget'],
    plant: (store) =>
      settling(store, (settlement) =>
        settlement.kind === 'snooze'
          ? {
              ...settlement,
              kind: 'retry',
              failure: { code: 'snooze', message: '', retryable: true },
            }
          : settlement,
      ),
  },
  {
    name: 'spends no attempt for a release after the start',
    caughtBy: ['settle.released', 'settle.budget'],
    plant: (store) =>
      settling(store, (settlement) =>
        settlement.kind === 'released' ? { ...settlement, spent: false } : settlement,
      ),
  },
  {
    name: 'keeps no output of a failed task',
    caughtBy: ['settle.failed', 'outputs.none', 'json.strings'],
    plant: (store) =>
      settling(store, (settlement) =>
        settlement.kind === 'failed' ? { ...settlement, output: null } : settlement,
      ),
  },
  {
    name: 'rejects a result of a cancelled task without freeing its slot',
    caughtBy: ['slots.cancelled-freed-by-any-settlement', 'attempts.cancelled'],
    plant: (store) =>
      override(store, {
        async advance(tick) {
          const settle: Settlement[] = [];
          const rejected: AttemptRef[] = [];
          for (const settlement of tick.settle) {
            const task = await store.getFlowTask(settlement.attempt);
            if (task?.state === 'cancelled' && settlement.kind !== 'stopped') {
              rejected.push(settlement.attempt);
            } else settle.push(settlement);
          }
          const result = await store.advance({ ...tick, settle });
          if (result.runner === 'lost') return result;
          return { ...result, rejected: [...result.rejected, ...rejected] };
        },
      }),
  },
  {
    name: 'frees the slot of a running task as soon as it is cancelled',
    caughtBy: ['slots.cancelled-counts-until-stopped', 'cancel.stop-is-told', 'attempts.cancelled'],
    plant: (store) =>
      override(store, {
        async cancelFlow(cancel) {
          const { flowId, now } = cancel;
          const states = ['running'] as const;
          const running = await store.listFlowTasks({ flowId, states, limit: 1_000 });
          const result = await store.cancelFlow(cancel);
          for (const { id, fence } of result?.cancelled ? running : []) {
            const attempt = { flowId, taskId: id, fence };
            const runnerId = (await store.listAttempts(attempt)).at(-1)?.runnerId ?? '';
            const settle: Tick['settle'] = [{ attempt, kind: 'stopped' }];
            await store.advance({ runnerId, now, settle, claim: null });
          }
          return result;
        },
      }),
  },
  {
    name: 'tells a runner of a cancelled attempt once only',
    caughtBy: ['cancel.stop-is-told'],
    plant(store) {
      const told = new Set<string>();
      return answering(store, (result) => {
        const stop = result.stop.filter((ref) => !told.has(`${keyOf(ref)}/${ref.fence}`));
        for (const ref of stop) told.add(`${keyOf(ref)}/${ref.fence}`);
        return { ...result, stop };
      });
    },
  },
  {
    name: 'names a flow as changed in every tick that settles something of it',
    caughtBy: ['cancel.before-settlement', 'batches.rejected-only'],
    plant: (store) =>
      override(store, {
        async advance(tick) {
          const result = await store.advance(tick);
          if (result.runner === 'lost' || result.changed.length > 0) return result;
          const changed = tick.settle.map(({ attempt }) => ({
            flowId: attempt.flowId,
            rev: 1,
            ended: false,
          }));
          return { ...result, changed };
        },
      }),
  },
  {
    name: 'says of every flow that it changed that it ended',
    caughtBy: ['batches.changed', 'flow-ends.succeeded'],
    plant: (store) =>
      answering(store, (result) => ({
        ...result,
        changed: result.changed.map((flow) => ({ ...flow, ended: true })),
      })),
  },
];

/** A store that gets something about every settlement wrong. */
function settling(
  store: Store,
  wrong: (settlement: Settlement) => Settlement | Promise<Settlement>,
): Store {
  return override(store, {
    async advance(tick) {
      const settle: Settlement[] = [];
      for (const settlement of tick.settle) settle.push(await wrong(settlement));
      return store.advance({ ...tick, settle });
    },
  });
}

/** Outside, the fences of a task begin at 1 again after a release. */
function restartingFences(store: Store): Store {
  const released = new Map<string, number>();
  const base = (ref: FlowTaskRef) => released.get(keyOf(ref)) ?? 0;
  const inside = <Ref extends AttemptRef>(ref: Ref) => ({ ...ref, fence: ref.fence + base(ref) });
  const outside = <Ref extends AttemptRef>(ref: Ref) => ({ ...ref, fence: ref.fence - base(ref) });
  return override(store, {
    async advance(tick) {
      const settle = tick.settle.map((one) => ({ ...one, attempt: inside(one.attempt) }));
      const result = await store.advance({ ...tick, settle });
      if (result.runner === 'lost') return result;
      const rejected = result.rejected.map(outside);
      for (const { kind, attempt } of settle) {
        if (kind === 'released') released.set(keyOf(attempt), attempt.fence);
      }
      const claimed = result.claimed.map((one) => ({ ...one, ref: outside(one.ref) }));
      return { ...result, claimed, rejected, stop: result.stop.map(outside) };
    },
  });
}
