import type { JsonValue, PlannedTask, Warning } from '@tasked/core';
import { leftInBackground } from './background.ts';
import { outlineOf } from './command-outline.ts';
import { hiddenExitCode } from './hidden-exit-codes.ts';
import { type Invocation, programsOf } from './invocation.ts';
import { needsSomebody } from './needs-somebody.ts';

/** Longer commands are not looked at: they are scripts of people who know what they do. */
const MAX_CHARS = 16_384;

/** How deep shells in shells (`bash -c "sh -c …"`) are looked into. */
const MAX_DEPTH = 3;

const SHELL = /^(?:ba|da|z|k|mk|a)?sh$/;

/** What is likely to go otherwise than expected with a shell task; its config was found sound. */
export function taskWarnings({ config, input, timeoutMs }: PlannedTask): readonly Warning[] {
  const { command, args } = config;
  const hasInput = input !== null;
  const found =
    args === undefined
      ? scriptWarnings(String(command), hasInput)
      : programWarnings([String(command), ...(args as readonly JsonValue[]).map(String)], hasInput);
  const path = args === undefined ? 'config.command' : 'config.args';
  return [
    ...found.map((message) => ({ path, message })),
    ...(timeoutMs === null ? [{ path: 'timeout_secs', message: NO_TIMEOUT }] : []),
  ];
}

const NO_TIMEOUT =
  'there is no time limit, so a command that hangs takes a place in its queue until the flow is cancelled; set one';

function scriptWarnings(command: string, hasInput: boolean, depth = 0): readonly string[] {
  if (command.length > MAX_CHARS || depth > MAX_DEPTH) return [];
  const outline = outlineOf(command, hasInput);
  const { invocations } = outline;
  const inner = invocations.flatMap((invocation) => innerWarnings(invocation, depth));
  const own = [hiddenExitCode(outline), leftInBackground(outline), needsSomebody(invocations)];
  return [...own.filter((message) => message !== null), ...inner];
}

function programWarnings(words: readonly string[], hasInput: boolean): readonly string[] {
  const source = words.join(' ');
  const invocations = programsOf(words, { hasInput, isCondition: false, source });
  const own = needsSomebody(invocations);
  const inner = invocations.flatMap((invocation) => innerWarnings(invocation, 0));
  return own === null ? inner : [own, ...inner];
}

/** Warnings of the script in `bash -c SCRIPT`. */
function innerWarnings({ program, args, hasInput }: Invocation, depth: number): readonly string[] {
  if (!SHELL.test(program) || args.includes('pipefail')) return [];
  const option = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  const script = args[option + 1];
  return option === -1 || script === undefined ? [] : scriptWarnings(script, hasInput, depth + 1);
}
