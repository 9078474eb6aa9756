import type { JsonValue, Store } from '@tasked/core';
import { override, type PlantedBug } from './planted-bug.ts';

/** Bugs in keeping JSON. */
export const encodingBugs: readonly PlantedBug[] = [
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
