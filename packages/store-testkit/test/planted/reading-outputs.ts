import type { FlowTaskRef, Store } from '@tasked/core';
import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in reading outputs, whole and in part. */
export const outputBugs: readonly PlantedBug[] = [
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
    name: 'has no room for more than 255 characters of an output',
    caughtBy: ['outputs.lengths'],
    plant: (store) =>
      override(store, {
        async readOutputs(refs, maxBytes) {
          const outputs = await store.readOutputs(refs, maxBytes);
          return outputs.map((output) =>
            output.kind === 'output' && typeof output.value === 'string'
              ? { ...output, value: output.value.slice(0, 255) }
              : output,
          );
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
