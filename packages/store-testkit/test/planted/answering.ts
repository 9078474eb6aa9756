import type { Store } from '@tasked/core';
import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in taking answers. */
export const answeringBugs: readonly PlantedBug[] = [
  {
    name: 'answers for anybody',
    caughtBy: ['answers.owner'],
    plant: (store) =>
      override(store, {
        async answerInputs(call) {
          const changes = await store.changesSince(call.flowId, 0);
          return store.answerInputs({ ...call, owner: changes?.flow.owner ?? call.owner });
        },
      }),
  },
  {
    name: 'takes answers one by one, up to the first that is no JSON',
    caughtBy: ['answers.not-json', 'answers.changes'],
    plant: (store) =>
      override(store, {
        async answerInputs(call) {
          const all = { accepted: [], refused: [] } as {
            accepted: object[];
            refused: object[];
          };
          for (const answer of call.answers) {
            const one = await store.answerInputs({ ...call, answers: [answer] });
            if (one === null) return null;
            all.accepted.push(...one.accepted);
            all.refused.push(...one.refused);
          }
          return all as unknown as Awaited<ReturnType<Store['answerInputs']>>;
        },
      }),
  },
  {
    name: 'takes the last of two answers in one call',
    caughtBy: ['answers.twice-in-one-call'],
    plant: (store) =>
      override(store, {
        async answerInputs(call) {
          const last = new Map(call.answers.map((one) => [`${one.taskId}:${one.key}`, one]));
          return store.answerInputs({ ...call, answers: [...last.values()] });
        },
      }),
  },
  {
    name: 'says that it took whatever it was given',
    caughtBy: ['answers.refused', 'answers.racers', 'inputs.cancelled'],
    plant: (store) =>
      override(store, {
        async answerInputs(call) {
          const answered = await store.answerInputs(call);
          const accepted = call.answers.map(({ taskId, key }) => ({ taskId, key }));
          return answered && { accepted, refused: [] };
        },
      }),
  },
  {
    name: 'knows no reason but one',
    caughtBy: ['answers.refused', 'inputs.deadline'],
    plant: (store) =>
      override(store, {
        async answerInputs(call) {
          const answered = await store.answerInputs(call);
          const refused = answered?.refused.map((one) => ({ ...one, why: 'unknown' as const }));
          return answered && { ...answered, refused: refused ?? [] };
        },
      }),
  },
];
