import type { Executor, Fault, JsonObject } from '@tasked/core';
import { type ParsedFlowSpec, parseFlowSpec } from '../src/spec/parse-flow-spec.ts';

/** Accepts every config. */
const noop: Executor = {
  type: 'noop',
  check: () => [],
  run: () => Promise.resolve({ kind: 'succeeded', output: null }),
};

/** Wants a text in `command`, reads it raw, and pins the directory. */
const shell: Executor = {
  type: 'shell',
  rawFields: ['command'],
  check: ({ command }): readonly Fault[] =>
    typeof command === 'string' ? [] : [{ path: 'command', message: 'must be a text' }],
  pin: (config: JsonObject) => ({ ...config, cwd: '/home/me' }),
  run: () => Promise.resolve({ kind: 'succeeded', output: null }),
};

/** The executors that the tests of flow specs know. */
export const executors: ReadonlyMap<string, Executor> = new Map([
  ['noop', noop],
  ['shell', shell],
]);

/** Judges a flow by those executors. */
export function parse(input: unknown): ParsedFlowSpec {
  return parseFlowSpec(input, { executors });
}

/** The faults of a flow; empty when it is accepted. */
export function faultsOf(input: unknown): readonly Fault[] {
  const parsed = parse(input);
  return parsed.kind === 'rejected' ? parsed.faults : [];
}
