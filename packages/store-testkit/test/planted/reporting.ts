import type { JsonValue, Resume } from '@tasked/core';
import { keyOf, override, type PlantedBug } from './planted-bug.ts';

/** Bugs in what attempts report. */
export const reportingBugs: readonly PlantedBug[] = [
  {
    name: 'keeps nothing that attempts save',
    caughtBy: ['reports.saved', 'reports.taken-over', 'reopening.inputs'],
    plant: (store) =>
      override(store, {
        async report(attempt, { progress }) {
          return store.report(attempt, progress === undefined ? {} : { progress });
        },
      }),
  },
  {
    name: 'keeps the first that an attempt saves',
    caughtBy: ['reports.saved'],
    plant(store) {
      const saved = new Set<string>();
      return override(store, {
        async report(attempt, report) {
          if (report.saved === undefined || !saved.has(keyOf(attempt))) {
            saved.add(keyOf(attempt));
            return store.report(attempt, report);
          }
          return store.report(attempt, {});
        },
      });
    },
  },
  {
    name: 'takes reports under any fence',
    caughtBy: ['reports.fence'],
    plant: (store) =>
      override(store, {
        async report(attempt, report) {
          const task = await store.getFlowTask(attempt);
          return store.report({ ...attempt, fence: task?.fence ?? 0 }, report);
        },
      }),
  },
  {
    name: 'says that it kept what it did not',
    caughtBy: ['reports.fence'],
    plant: (store) =>
      override(store, {
        async report(attempt, report) {
          await store.report(attempt, report);
          return true;
        },
      }),
  },
  {
    name: 'shows no progress',
    caughtBy: ['reports.progress'],
    plant: (store) =>
      override(store, {
        async report(attempt, { saved }) {
          return store.report(attempt, saved === undefined ? {} : { saved });
        },
      }),
  },
  {
    name: 'leaves progress where its attempt has ended',
    caughtBy: ['reports.progress-ends', 'reports.taken-over'],
    plant(store) {
      const said = new Map<
        string,
        { readonly message: string; readonly fraction: number | null }
      >();
      const shown = <Task extends { readonly flowId: string; readonly id: string }>(task: Task) => {
        const progress = said.get(keyOf({ flowId: task.flowId, taskId: task.id }));
        return progress === undefined ? task : { ...task, progress };
      };
      return override(store, {
        async report(attempt, report) {
          if (report.progress !== undefined) said.set(keyOf(attempt), report.progress);
          return store.report(attempt, report);
        },
        async getFlowTask(ref) {
          const task = await store.getFlowTask(ref);
          return task && shown(task);
        },
        listFlowTasks: async (query) => (await store.listFlowTasks(query)).map(shown),
      });
    },
  },
  {
    name: 'counts what is saved as a change of the flow',
    caughtBy: ['reports.saved-is-no-change'],
    plant: (store) =>
      override(store, {
        report: (attempt, { saved, progress }) =>
          store.report(attempt, {
            ...(saved === undefined ? {} : { saved }),
            progress: progress ?? { message: '', fraction: null },
          }),
      }),
  },
  {
    name: 'hands what was saved out to every task',
    caughtBy: ['reports.fence'],
    plant(store) {
      let last: JsonValue = null;
      const reporting = override(store, {
        report(attempt, report) {
          last = report.saved ?? last;
          return store.report(attempt, report);
        },
      });
      return override(reporting, {
        async advance(tick) {
          const result = await store.advance(tick);
          if (result.runner === 'lost' || last === null) return result;
          const resume: Resume = { answers: {}, expired: [], saved: last };
          return { ...result, claimed: result.claimed.map((one) => ({ ...one, resume })) };
        },
      });
    },
  },
];
