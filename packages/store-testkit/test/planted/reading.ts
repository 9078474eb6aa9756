import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in what is read back of flows and tasks. */
export const readingBugs: readonly PlantedBug[] = [
  {
    name: 'shows a flow to everybody',
    caughtBy: ['owners.get'],
    plant(store) {
      const owners = new Map<string, string>();
      return override(store, {
        createFlow(flow) {
          owners.set(flow.id, flow.owner);
          return store.createFlow(flow);
        },
        getFlow: (flowId) => store.getFlow(flowId, owners.get(flowId) ?? ''),
      });
    },
  },
  {
    name: 'cancels a flow for everybody',
    caughtBy: ['owners.cancel'],
    plant(store) {
      const owners = new Map<string, string>();
      return override(store, {
        createFlow(flow) {
          owners.set(flow.id, flow.owner);
          return store.createFlow(flow);
        },
        cancelFlow: (cancel) =>
          store.cancelFlow({ ...cancel, owner: owners.get(cancel.flowId) ?? '' }),
      });
    },
  },
  {
    name: 'compares owners without their case',
    caughtBy: ['owners.odd-names', 'owners.get'],
    plant(store) {
      return override(store, {
        createFlow: (flow) => store.createFlow({ ...flow, owner: flow.owner.toLowerCase() }),
        getFlow: async (flowId, owner) => {
          const flow = await store.getFlow(flowId, owner.toLowerCase());
          return flow && { ...flow, owner };
        },
        listFlows: (query) => store.listFlows({ ...query, owner: query.owner.toLowerCase() }),
      });
    },
  },
  {
    name: 'begins a page with the last flow of the page before',
    caughtBy: ['flow-lists.pages', 'flow-lists.pages-while-growing'],
    plant: (store) =>
      override(store, {
        listFlows({ after, ...query }) {
          if (after === undefined) return store.listFlows(query);
          return store.listFlows({ ...query, after: { ...after, id: `${after.id}~` } });
        },
      }),
  },
  {
    name: 'pages by the time alone',
    caughtBy: ['flow-lists.pages'],
    plant: (store) =>
      override(store, {
        listFlows({ after, ...query }) {
          if (after === undefined) return store.listFlows(query);
          return store.listFlows({ ...query, after: { ...after, id: '' } });
        },
      }),
  },
  {
    name: 'sorts ids as a dictionary does',
    caughtBy: ['flow-lists.ties'],
    plant: (store) =>
      override(store, {
        async listFlows(query) {
          const flows = await store.listFlows(query);
          return [...flows].sort(
            (a, b) => b.createdAt - a.createdAt || new Intl.Collator('en').compare(b.id, a.id),
          );
        },
      }),
  },
  {
    name: 'lists the oldest flow first',
    caughtBy: ['flow-lists.newest-first'],
    plant: (store) =>
      override(store, {
        async listFlows(query) {
          return [...(await store.listFlows(query))].reverse();
        },
      }),
  },
  {
    name: 'filters a list by state after it was cut to its limit',
    caughtBy: ['flow-lists.state'],
    plant: (store) =>
      override(store, {
        async listFlows({ state, ...query }) {
          const flows = await store.listFlows(query);
          return flows.filter((flow) => state === undefined || flow.state === state);
        },
      }),
  },
  {
    name: 'begins a page of tasks one too early',
    caughtBy: ['task-lists.pages', 'task-lists.states'],
    plant: (store) =>
      override(store, {
        listFlowTasks(query) {
          const afterIndex = (query.afterIndex ?? 0) - 1;
          return store.listFlowTasks({ ...query, afterIndex });
        },
      }),
  },
  {
    name: 'takes an empty list of states for every state',
    caughtBy: ['task-lists.states'],
    plant: (store) =>
      override(store, {
        listFlowTasks({ states, ...query }) {
          if (states === undefined || states.length === 0) return store.listFlowTasks(query);
          return store.listFlowTasks({ ...query, states });
        },
      }),
  },
  {
    name: 'raises the rev of a flow by two',
    caughtBy: ['changes.rev-by-one', 'cancel.at-once'],
    plant: (store) =>
      override(store, {
        async getFlow(flowId, owner) {
          const flow = await store.getFlow(flowId, owner);
          return flow && { ...flow, rev: flow.rev * 2 - 1 };
        },
      }),
  },
  {
    name: 'tells the changes of the rev that the caller has seen once more',
    caughtBy: ['changes.only-touched', 'changes.records'],
    plant: (store) =>
      override(store, { changesSince: (flowId, rev) => store.changesSince(flowId, rev - 1) }),
  },
  {
    name: 'tells every task of a flow that changed',
    caughtBy: ['changes.only-touched', 'changes.records'],
    plant: (store) => override(store, { changesSince: (flowId) => store.changesSince(flowId, 0) }),
  },
  {
    name: 'keeps the last attempt only',
    caughtBy: ['attempts.history', 'attempts.success-after-failure'],
    plant: (store) =>
      override(store, {
        async listAttempts(ref) {
          return (await store.listAttempts(ref)).slice(-1);
        },
      }),
  },
  {
    name: 'sorts attempts as text',
    caughtBy: ['attempts.many'],
    plant: (store) =>
      override(store, {
        async listAttempts(ref) {
          const attempts = await store.listAttempts(ref);
          return [...attempts].sort((a, b) => (String(a.fence) < String(b.fence) ? -1 : 1));
        },
      }),
  },
];
