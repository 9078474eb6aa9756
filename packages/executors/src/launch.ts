import type { AttemptContext, JsonObject, JsonValue, Reference, TaskFailure } from '@tasked/core';
import { ARGUMENT_LIMIT_BYTES, exceedsArgumentLimit } from './argument-limit.ts';
import { asText } from './as-text.ts';
import { rewriteCommand } from './command-references.ts';
import { attemptEnvironment, type Environment } from './environment.ts';
import type { ValueFiles } from './value-files.ts';
import { workingDirectoryFailure } from './working-directory.ts';

/** All that is needed to start a command. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  /** What it finds on its standard input; null: nothing. */
  readonly input: string | null;
}

/** A launch, or why there can be none: a further attempt would fail in the same way. */
export type Preparation =
  | { readonly kind: 'ready'; readonly launch: Launch }
  | { readonly kind: 'failed'; readonly failure: TaskFailure };

/** A text that reaches the command as an argument or a variable, and what the user calls it. */
interface Passed {
  readonly name: string;
  readonly text: string;
  /** As the system gets it: `NAME=text` for a variable. */
  readonly whole: string;
  /** What to do when it cannot be passed. */
  readonly otherwise: string;
}

const BY_INPUT = "pass it by the task's input, which arrives on standard input as JSON";

/** Turns a config whose references are resolved into what is to be started. */
export async function prepareLaunch(
  attempt: AttemptContext,
  passed: Environment,
  files: ValueFiles,
): Promise<Preparation> {
  const { config, input } = attempt;
  const program = config.args === undefined ? shellProgram(attempt) : directProgram(config);
  if ('failure' in program) return { kind: 'failed', failure: program.failure };
  const env = variables(config);
  const cwd = config.cwd === undefined ? process.cwd() : asText(config.cwd);
  const failure =
    unpassable([...program.passed, ...env, argument('cwd', cwd)]) ??
    (await workingDirectoryFailure(cwd));
  if (failure !== null) return { kind: 'failed', failure };
  const launch: Launch = {
    file: program.file,
    args: program.args,
    env: {
      ...passed,
      ...Object.fromEntries(env.map(({ name, text }) => [name.slice('env.'.length), text])),
      ...program.env,
      ...(await files.write(program.files)),
      ...attemptEnvironment(attempt),
    },
    cwd,
    input: input === null ? null : JSON.stringify(input),
  };
  return { kind: 'ready', launch };
}

type Program =
  | {
      readonly file: string;
      readonly args: readonly string[];
      readonly env: Environment;
      readonly passed: readonly Passed[];
      /** What files are to hold, by the variables that are to hold their paths. */
      readonly files: ReadonlyMap<string, string>;
    }
  | { readonly failure: TaskFailure };

function shellProgram({ config, references }: AttemptContext): Program {
  const { script, variables: names, refused } = rewriteCommand(asText(config.command));
  const [first] = refused;
  if (first !== undefined) return { failure: badReference(first.reference, first.why) };
  const passed: Passed[] = [];
  const env: Record<string, string> = {};
  const files = new Map<string, string>();
  for (const [name, reference] of names) {
    const value = references.get(reference.text);
    if (value === undefined) return { failure: badReference(reference, 'it has no value') };
    const text = asText(value);
    if (reference.as === 'file') {
      files.set(name, text);
      continue;
    }
    env[name] = text;
    const otherwise = `write ${asFile(reference)} for the path of a file that holds it, or ${BY_INPUT}`;
    passed.push({ name: reference.text, text, whole: `${name}=${text}`, otherwise });
  }
  // After `--` a command may begin with a hyphen.
  return { file: '/bin/sh', args: ['-c', '--', script], env, passed, files };
}

function asFile({ text }: Reference): string {
  return `${text.slice(0, -1)}:file}`;
}

function directProgram({ command, args }: JsonObject): Program {
  const texts = (args as readonly JsonValue[]).map(asText);
  const passed = texts.map((text, index) => argument(`args[${index}]`, text));
  return { file: asText(command), args: texts, env: {}, passed, files: new Map() };
}

function argument(name: string, text: string): Passed {
  return { name, text, whole: text, otherwise: BY_INPUT };
}

function variables({ env }: JsonObject): readonly Passed[] {
  const entries = Object.entries((env ?? {}) as JsonObject);
  return entries.map(([name, value]) => {
    const text = asText(value);
    return { name: `env.${name}`, text, whole: `${name}=${text}`, otherwise: BY_INPUT };
  });
}

/** The first text that no program can be given, as a failure; null when all can be passed. */
function unpassable(passed: readonly Passed[]): TaskFailure | null {
  for (const { name, text, whole, otherwise } of passed) {
    const why = whyUnpassable(text, whole);
    if (why === null) continue;
    const message = `${name} ${why}; ${otherwise}`;
    return { code: 'unpassable_value', message, retryable: false };
  }
  return null;
}

function whyUnpassable(text: string, whole: string): string | null {
  if (text.includes('\0')) {
    return 'holds a NUL character, which no argument or variable can carry';
  }
  if (!exceedsArgumentLimit(whole)) return null;
  return `is ${Buffer.byteLength(text)} bytes; the system takes ${ARGUMENT_LIMIT_BYTES} at most`;
}

function badReference({ text }: Reference, why: string): TaskFailure {
  return { code: 'unresolved_reference', message: `${text}: ${why}`, retryable: false };
}
