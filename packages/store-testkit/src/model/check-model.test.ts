import type { NewFlow, NewFlowTask, Settlement, Store, TickResult } from '@tasked/core';
import { MemoryStore } from '@tasked/store-memory';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkAgreement, checkModel } from './check-model.ts';

const BUGS: Readonly<Record<string, (correct: Store) => Partial<Store>>> = {
  'hands out one task too few': (store) => ({
    advance: ({ claim, ...tick }) =>
      store.advance({ ...tick, claim: claim && { ...claim, limit: claim.limit - 1 } }),
  }),
  'looks at every queue, whichever the runner names': (store) => ({
    advance({ claim, ...tick }) {
      if (claim === null) return store.advance({ ...tick, claim });
      const { limit, executors } = claim;
      return store.advance({ ...tick, claim: { limit, executors } });
    },
  }),
  'has the priorities the wrong way round': (store) =>
    creating(store, ({ priority, ...task }) => ({ ...task, priority: -priority })),
  'takes none_failed for all_success': (store) =>
    creating(store, ({ triggerRule, ...task }) => ({
      ...task,
      triggerRule: triggerRule === 'none_failed' ? 'all_success' : triggerRule,
    })),
  'does not forgive a failure that is allowed': (store) =>
    creating(store, (task) => ({ ...task, allowFailure: false })),
  'forgets the holds of a new flow': (store) => creating(store, (task) => ({ ...task, holds: 0 })),
  'sees no limit of a queue': (store) => ({
    ensureQueue: (queue) => store.ensureQueue({ ...queue, concurrency: null }),
  }),
  'takes results under any fence': (store) => ({
    async advance({ settle, ...tick }) {
      const fences = settle.map(async (settlement) => {
        const task = await store.getFlowTask(settlement.attempt);
        const fence = task?.fence ?? 0;
        return { ...settlement, attempt: { ...settlement.attempt, fence } };
      });
      return store.advance({ ...tick, settle: await Promise.all(fences) });
    },
  }),
  'spends an attempt on a task that was given back unstarted': (store) => ({
    advance: ({ settle, ...tick }) =>
      store.advance({
        ...tick,
        settle: settle.map((one) => (one.kind === 'released' ? { ...one, spent: true } : one)),
      }),
  }),
  'frees the slot of what it cancels': (store) => ({
    async cancelFlow(cancel) {
      const result = await store.cancelFlow(cancel);
      for (const { id } of await store.listRunners()) {
        const tick = { runnerId: id, now: cancel.now, claim: null };
        const idle = await store.advance({ ...tick, settle: [] });
        const stop = idle.runner === 'ok' ? idle.stop : [];
        const settle = stop.map((attempt) => ({ attempt, kind: 'stopped' as const }));
        await store.advance({ ...tick, settle });
      }
      return result;
    },
  }),
  'tells of rejected results as if they counted': (store) =>
    answering(store, (result) => ({ ...result, rejected: [] })),
  'never says what has to stop': (store) => answering(store, (result) => ({ ...result, stop: [] })),
  'does not say when to look again': (store) =>
    answering(store, (result) => ({ ...result, lookAgainAt: null })),
  'says that there is no more': (store) =>
    answering(store, (result) => ({ ...result, more: false })),
  'tells of no change': (store) => answering(store, (result) => ({ ...result, changed: [] })),
  'gives dead runners work': () => ({
    unregisterRunner: async () => {},
    lostRunners: async () => [],
  }),
  'takes over more than it was asked for': (store) => ({
    takeOver: (take) => store.takeOver({ ...take, limit: take.limit + 1 }),
  }),
  'leaves a task out of what changed': (store) => ({
    async changesSince(flowId, rev) {
      const changes = await store.changesSince(flowId, rev);
      return changes && { ...changes, tasks: changes.tasks.slice(0, 3) };
    },
  }),
  'forgets what has a ttl before it is over': (store) => ({
    createFlow: (flow) => store.createFlow({ ...flow, ttlMs: null }),
  }),
  'forgets flows too early': (store) => ({
    pruneFlows: (prune) => store.pruneFlows({ ...prune, retentionMs: prune.retentionMs / 2 }),
  }),
  'forgets nothing': () => ({ pruneFlows: async () => ({ flowIds: [], more: false }) }),
  'lets waiting tasks wait for ever': (store) =>
    settling(store, (one) => (one.kind === 'waiting' ? { ...one, deadlineAt: null } : one)),
  'spends an attempt on asking': (store) =>
    settling(store, (one) => {
      if (one.kind !== 'waiting' || Object.keys(one.inputRequests).length > 0) return one;
      return { attempt: one.attempt, kind: 'released', spent: true };
    }),
  'does not tell what is asked for': () => ({ listInputs: async () => [] }),
  'hands out no answers': (store) =>
    answering(store, (result) => ({
      ...result,
      claimed: result.claimed.map((one) => ({ ...one, resume: null })),
    })),
  'refuses nothing': (store) => ({
    async answerInputs(call) {
      const answered = await store.answerInputs(call);
      return answered && { ...answered, refused: [] };
    },
  }),
  'keeps nothing that is saved': (store) => ({
    report: (attempt, { progress }) =>
      store.report(attempt, progress === undefined ? {} : { progress }),
  }),
  'hears of no progress': (store) => ({
    report: (attempt, { saved }) => store.report(attempt, saved === undefined ? {} : { saved }),
  }),
  'loses an attempt': (store) => ({
    listAttempts: async (ref) => (await store.listAttempts(ref)).slice(0, 2),
  }),
};

describe('the reference model catches a store that', () => {
  // Most of the time would go into making the sequence short that is found, which another test looks at.
  beforeAll(() => void fc.configureGlobal({ endOnFailure: true }));
  afterAll(() => fc.resetConfigureGlobal());

  for (const [bug, plant] of Object.entries(BUGS)) {
    it(bug, { timeout: 120_000 }, async () => {
      const check = checkModel(async () => planted(plant), { sequences: 1_000, seed: 1 });
      await expect(check).rejects.toThrow('Property failed');
    });
  }
});

it('says which sequence tells the store and the model apart, and as short as it can', async () => {
  const open = async () => planted((store) => ({ setQueuePaused: (name) => store.getQueue(name) }));
  const check = checkModel(open, { sequences: 400, seed: 1 });
  await expect(check).rejects.toThrow(/"commands":\[.*"do":"pause"[^}]*}\]}/);
});

describe('several stores', () => {
  it('agree when they do the same', async () => {
    const open = async () => new MemoryStore();
    await checkAgreement([open, open, open], { sequences: 100, seed: 1 });
  });

  it('that differ in what only a record shows are told apart', async () => {
    const right = async () => new MemoryStore();
    const late = async () =>
      planted((store) => ({
        listAttempts: async (ref) =>
          (await store.listAttempts(ref)).map((row) => ({ ...row, startedAt: row.startedAt + 1 })),
      }));
    await checkModel(late, { sequences: 100, seed: 1 });
    const check = checkAgreement([right, right, late], { sequences: 100, seed: 1 });
    await expect(check).rejects.toThrow('Property failed');
  });
});

function planted(plant: (correct: Store) => Partial<Store>): Store {
  const correct = new MemoryStore();
  const wrong = plant(correct);
  return new Proxy<Store>(correct, {
    get(_, key) {
      const method: unknown = Reflect.get(key in wrong ? wrong : correct, key);
      return typeof method === 'function' ? method.bind(correct) : method;
    },
  });
}

type LiveTick = Extract<TickResult, { runner: 'ok' }>;

function answering(store: Store, change: (result: LiveTick) => LiveTick): Partial<Store> {
  return {
    async advance(tick) {
      const result = await store.advance(tick);
      return result.runner === 'ok' ? change(result) : result;
    },
  };
}

function settling(store: Store, change: (one: Settlement) => Settlement): Partial<Store> {
  return { advance: (tick) => store.advance({ ...tick, settle: tick.settle.map(change) }) };
}

function creating(store: Store, change: (task: NewFlowTask) => NewFlowTask): Partial<Store> {
  return {
    createFlow: (flow: NewFlow) => store.createFlow({ ...flow, tasks: flow.tasks.map(change) }),
  };
}
