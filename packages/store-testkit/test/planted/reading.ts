import type { FlowTaskRef, JsonValue, Store } from '@tasked/core';
import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in what is read back. */
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
  {
    name: 'reads outputs in the order of their tasks',
    caughtBy: ['outputs.order', 'outputs.many'],
    plant: (store) =>
      override(store, {
        readOutputs(refs, maxBytes) {
          const sorted = [...refs].sort((a, b) => (a.taskId < b.taskId ? -1 : 1));
          return store.readOutputs(sorted, maxBytes);
        },
      }),
  },
  {
    name: 'reads an output once, however often it is named',
    caughtBy: ['outputs.order'],
    plant: (store) =>
      override(store, {
        readOutputs: (refs, maxBytes) => store.readOutputs([...new Set(refs)], maxBytes),
      }),
  },
  {
    name: 'holds every output against the limit on its own',
    caughtBy: ['outputs.too-large'],
    plant: (store) =>
      override(store, {
        async readOutputs(refs, maxBytes) {
          const each = await Promise.all(refs.map((ref) => store.readOutputs([ref], maxBytes)));
          return each.flat();
        },
      }),
  },
  {
    name: 'reads one byte beyond the limit',
    caughtBy: ['outputs.too-large'],
    plant: (store) =>
      override(store, { readOutputs: (refs, maxBytes) => store.readOutputs(refs, maxBytes + 1) }),
  },
  {
    name: 'lets a small output pass after one that was too large',
    caughtBy: ['outputs.too-large'],
    plant: (store) =>
      override(store, {
        async readOutputs(refs, maxBytes) {
          let left = maxBytes;
          const outputs = [];
          for (const ref of refs) {
            const [output] = await store.readOutputs([ref], left);
            if (output === undefined) continue;
            if (output.kind === 'output') left -= Buffer.byteLength(JSON.stringify(output.value));
            outputs.push(output);
          }
          return outputs;
        },
      }),
  },
  {
    name: 'measures characters and calls them bytes',
    caughtBy: ['outputs.bytes', 'json.strings'],
    plant: (store) => previewing(store, (text) => ({ text, bytes: text.length })),
  },
  {
    name: 'cuts a preview in the middle of a character',
    caughtBy: ['outputs.preview-code-points'],
    plant: (store) =>
      previewing(store, (text, maxChars) => ({
        text: text.slice(0, maxChars),
        bytes: Buffer.byteLength(text),
      })),
  },
  {
    name: 'previews indented JSON',
    caughtBy: ['outputs.preview'],
    plant: (store) =>
      previewing(store, (text, maxChars) => {
        const indented = JSON.stringify(JSON.parse(text), null, 1);
        const points = [...indented].slice(0, maxChars).join('');
        return { text: points, bytes: Buffer.byteLength(indented) };
      }),
  },
  {
    name: 'takes a null output for none',
    caughtBy: ['outputs.null', 'settle.failed', 'json.scalars'],
    plant: (store) =>
      override(store, {
        async readOutputs(refs, maxBytes) {
          const outputs = await store.readOutputs(refs, maxBytes);
          return outputs.map((output) =>
            output.kind === 'output' && output.value === null ? { kind: 'none' } : output,
          );
        },
      }),
  },
  {
    name: 'drops the key __proto__ and the empty key',
    caughtBy: ['json.keys'],
    plant: (store) =>
      recoding(store, (value) => copy(value, (key) => key !== '__proto__' && key !== '')),
  },
  {
    name: 'rounds numbers to fifteen digits',
    caughtBy: ['json.numbers'],
    plant: (store) =>
      recoding(store, (value) =>
        scalars(value, (one) => (typeof one === 'number' ? Number(one.toPrecision(15)) : one)),
      ),
  },
  {
    name: 'keeps whole numbers in 32 bits',
    caughtBy: ['json.numbers'],
    plant: (store) =>
      recoding(store, (value) =>
        scalars(value, (one) => (Number.isInteger(one) ? Number(one) | 0 : one)),
      ),
  },
  {
    name: 'replaces lone surrogates',
    caughtBy: ['json.strings'],
    plant: (store) =>
      recoding(store, (value) =>
        scalars(value, (one) => (typeof one === 'string' ? one.toWellFormed() : one)),
      ),
  },
  {
    name: 'ends a text at its first NUL character',
    caughtBy: ['json.strings'],
    plant: (store) =>
      recoding(store, (value) =>
        scalars(value, (one) => (typeof one === 'string' ? one.replace(/\0.*/s, '') : one)),
      ),
  },
  {
    name: 'normalises Unicode',
    caughtBy: ['json.strings'],
    plant: (store) =>
      recoding(store, (value) =>
        scalars(value, (one) => (typeof one === 'string' ? one.normalize() : one)),
      ),
  },
  {
    name: 'cuts texts at 64 KiB',
    caughtBy: ['json.large'],
    plant: (store) =>
      recoding(store, (value) =>
        scalars(value, (one) => (typeof one === 'string' ? one.slice(0, 65_536) : one)),
      ),
  },
  {
    name: 'forgets what is more than 100 levels deep',
    caughtBy: ['json.deep'],
    plant: (store) => recoding(store, (value) => shallow(value, 100)),
  },
];

/** A store that makes something else of an output's text. */
function previewing(
  store: Store,
  make: (text: string, maxChars: number) => { readonly text: string; readonly bytes: number },
): Store {
  return override(store, {
    async previewOutputs(refs: readonly FlowTaskRef[], maxChars) {
      const whole = await store.previewOutputs(refs, Number.MAX_SAFE_INTEGER);
      return whole.map((preview) => preview && make(preview.text, maxChars));
    },
  });
}

/** A store that does something to every output on its way out. */
function recoding(store: Store, recode: (value: JsonValue) => JsonValue): Store {
  return override(store, {
    async readOutputs(refs, maxBytes) {
      const outputs = await store.readOutputs(refs, maxBytes);
      return outputs.map((output) =>
        output.kind === 'output' ? { kind: 'output', value: recode(output.value) } : output,
      );
    },
  });
}

function scalars(value: JsonValue, change: (one: JsonValue) => JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(value), (_, one) =>
    typeof one === 'object' ? one : change(one),
  );
}

function copy(value: JsonValue, keep: (key: string) => boolean): JsonValue {
  return JSON.parse(JSON.stringify(value), (key, one) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).filter(([name]) => keep(name) || name === key));
  });
}

function shallow(value: JsonValue, levels: number): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return null;
  if (Array.isArray(value)) return value.map((one) => shallow(one, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, shallow(one, levels - 1)]),
  );
}
