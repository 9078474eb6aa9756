import type { AttemptRef, FlowTaskRef, Resume, Settlement, Store } from '@tasked/core';
import { keyOf, override, type PlantedBug } from './planted-bug.ts';

/** Bugs in tasks that wait for input. */
export const askingBugs: readonly PlantedBug[] = [
  {
    name: 'takes a wait for a snooze until its deadline',
    caughtBy: ['inputs.waiting', 'inputs.resume', 'inputs.deadline'],
    plant: (store) =>
      settling(store, (one) =>
        one.kind === 'waiting'
          ? {
              attempt: one.attempt,
              kind: 'snooze',
              availableAt: one.deadlineAt ?? Number.MAX_SAFE_INTEGER,
            }
          : one,
      ),
  },
  {
    name: 'waits for ever, whatever the deadline',
    caughtBy: ['inputs.deadline', 'inputs.expired-stays-closed'],
    plant: (store) =>
      settling(store, (one) => (one.kind === 'waiting' ? { ...one, deadlineAt: null } : one)),
  },
  {
    name: 'asks again for what was asked before',
    caughtBy: ['inputs.asked-before'],
    plant(store) {
      let asked = 0;
      return settling(store, (one) => {
        if (one.kind !== 'waiting') return one;
        asked += 1;
        const requests = Object.entries(one.inputRequests);
        const inputRequests =
          asked === 1
            ? one.inputRequests
            : Object.fromEntries(requests.map(([key, request]) => [`${key}${asked}`, request]));
        return { ...one, inputRequests };
      });
    },
  },
  {
    name: 'lets a task go on with the first answer',
    caughtBy: ['inputs.partial', 'inputs.order'],
    plant: (store) =>
      settling(store, (one) => {
        if (one.kind !== 'waiting') return one;
        const first = Object.entries(one.inputRequests).slice(0, 1);
        return { ...one, inputRequests: Object.fromEntries(first) };
      }),
  },
  {
    name: 'lists inputs by key',
    caughtBy: ['inputs.order'],
    plant: (store) =>
      override(store, {
        listInputs: async (flowId) =>
          (await store.listInputs(flowId)).toSorted((a, b) => (a.key < b.key ? -1 : 1)),
      }),
  },
  {
    name: 'lists inputs without their deadline',
    caughtBy: ['inputs.deadline', 'reopening.inputs'],
    plant: (store) =>
      override(store, {
        listInputs: async (flowId) =>
          (await store.listInputs(flowId)).map((input) => ({ ...input, deadlineAt: null })),
      }),
  },
  {
    name: 'shows nobody how many inputs were asked for',
    caughtBy: ['inputs.waiting', 'inputs.asked-before'],
    plant: (store) =>
      override(store, {
        async getFlow(flowId, owner) {
          const flow = await store.getFlow(flowId, owner);
          return flow && { ...flow, inputCount: 0 };
        },
      }),
  },
  {
    name: 'hands out what was answered this time alone',
    caughtBy: ['inputs.asked-before', 'inputs.partial'],
    plant(store) {
      const last = new Map<string, readonly string[]>();
      const resuming = resumed(store, (resume, ref) => {
        const keys = last.get(keyOf(ref)) ?? [];
        const answers = Object.entries(resume.answers).filter(([key]) => keys.includes(key));
        return { ...resume, answers: Object.fromEntries(answers) };
      });
      return override(resuming, {
        async answerInputs(call) {
          const answered = await store.answerInputs(call);
          for (const { taskId } of answered?.accepted ?? []) {
            const keys = answered?.accepted.filter((one) => one.taskId === taskId);
            last.set(keyOf({ ...call, taskId }), keys?.map(({ key }) => key) ?? []);
          }
          return answered;
        },
      });
    },
  },
  {
    name: 'does not say what nobody answered in time',
    caughtBy: ['inputs.deadline', 'inputs.expired-stays-closed'],
    plant: (store) => resumed(store, (resume) => ({ ...resume, expired: [] })),
  },
  {
    name: 'forgets the answers once an attempt has had them',
    caughtBy: ['inputs.kept'],
    plant(store) {
      const told = new Set<string>();
      return resumed(store, (resume, ref) => {
        if (told.has(keyOf(ref))) return { ...resume, answers: {} };
        told.add(keyOf(ref));
        return resume;
      });
    },
  },
];

/** A store that gets something about every settlement wrong. */
function settling(store: Store, wrong: (settlement: Settlement) => Settlement): Store {
  return override(store, {
    advance: (tick) => store.advance({ ...tick, settle: tick.settle.map(wrong) }),
  });
}

/** A store that gets wrong what it hands to a later attempt. */
function resumed(
  store: Store,
  wrong: (resume: Resume, ref: AttemptRef & FlowTaskRef) => Resume,
): Store {
  return override(store, {
    async advance(tick) {
      const result = await store.advance(tick);
      if (result.runner === 'lost') return result;
      const claimed = result.claimed.map((one) => ({
        ...one,
        resume: one.resume && wrong(one.resume, one.ref),
      }));
      return { ...result, claimed };
    },
  });
}
