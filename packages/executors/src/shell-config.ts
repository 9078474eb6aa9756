import { type Fault, type JsonObject, type JsonValue, scanReferences } from '@tasked/core';
import { ARGUMENT_LIMIT_BYTES, exceedsArgumentLimit } from './argument-limit.ts';
import { rewriteCommand } from './command-references.ts';
import { isReservedVariable } from './environment.ts';
import { shown } from './shown.ts';
import { unknownFieldFaults } from './unknown-fields.ts';

const KNOWN = {
  fields: ['command', 'args', 'env', 'cwd'],
  synonyms: new Map([
    ...['cmd', 'script', 'run', 'shell', 'bash', 'exec'].map((word) => [word, 'command'] as const),
    ...['arguments', 'argv', 'params'].map((word) => [word, 'args'] as const),
    ...['environment', 'envs', 'env_vars', 'variables', 'vars'].map(
      (word) => [word, 'env'] as const,
    ),
    ...['dir', 'directory', 'workdir', 'work_dir', 'working_dir', 'working_directory', 'path'].map(
      (word) => [word, 'cwd'] as const,
    ),
  ]),
};

/** Everything that is wrong with a shell task's config as it was submitted, references unresolved. */
export function checkShellConfig(config: JsonObject): readonly Fault[] {
  return [
    ...checkCommand(config),
    ...checkArgs(config.args),
    ...checkEnv(config.env),
    ...checkCwd(config.cwd),
    ...unknownFieldFaults(config, KNOWN),
  ];
}

function checkCommand({ command, args }: JsonObject): readonly Fault[] {
  const path = 'command';
  const expected = args === undefined ? 'a command for /bin/sh, as text' : 'the name of a program';
  if (command === undefined) return [{ path, message: 'is missing', expected }];
  const faults = checkText(path, command, expected);
  if (faults.length > 0 || typeof command !== 'string') return faults;
  if (command.trim() === '') return [{ path, message: 'is empty', got: command, expected }];
  if (args !== undefined) return checkProgram(command);
  if (exceedsArgumentLimit(command)) {
    return [
      {
        path,
        message: 'is too long for one command; put it into a file and run that',
        got: `${Buffer.byteLength(command)} bytes`,
        expected: `at most ${ARGUMENT_LIMIT_BYTES} bytes`,
      },
    ];
  }
  return rewriteCommand(command).refused.map(({ reference, why }) => ({
    path,
    message: `the reference at character ${reference.start + 1} cannot stand there: ${why}`,
    got: reference.text,
  }));
}

/** With `args` the program is started directly, and which program that is must be known at submit. */
function checkProgram(command: string): readonly Fault[] {
  return scanReferences(command).references.map((reference) => ({
    path: 'command',
    message:
      'a reference cannot name the program that `args` are for; put it into `args`, or leave `args` ' +
      'out to have the shell run `command`',
    got: reference.text,
  }));
}

function checkArgs(args: JsonValue | undefined): readonly Fault[] {
  if (args === undefined) return [];
  const expected = 'a list of texts';
  if (!Array.isArray(args)) {
    return [{ path: 'args', message: 'is no list', got: shown(args), expected }];
  }
  return args.flatMap((arg, index) => checkText(`args[${index}]`, arg, 'a text'));
}

function checkEnv(env: JsonValue | undefined): readonly Fault[] {
  if (env === undefined) return [];
  if (typeof env !== 'object' || env === null || Array.isArray(env)) {
    const expected = 'an object of texts by variable name: {"NAME": "value"}';
    return [{ path: 'env', message: 'is no object', got: shown(env), expected }];
  }
  return Object.entries(env).flatMap(([name, value]) => [
    ...checkVariableName(name),
    ...checkText(`env.${name}`, value, 'a text'),
  ]);
}

function checkVariableName(name: string): readonly Fault[] {
  const path = `env.${name}`;
  if (isReservedVariable(name)) {
    return [{ path, message: 'names that begin with TASKED_ are set by Tasked', got: name }];
  }
  if (/^[^=\0]+$/.test(name)) return [];
  return [{ path, message: 'is no name of a variable', got: shown(name), expected: 'no = in it' }];
}

function checkCwd(cwd: JsonValue | undefined): readonly Fault[] {
  if (cwd === undefined) return [];
  const path = 'cwd';
  const expected = 'the path of a directory';
  const faults = checkText(path, cwd, expected);
  if (faults.length > 0) return faults;
  if (cwd === '') return [{ path, message: 'is empty', got: cwd, expected }];
  if (typeof cwd === 'string' && /^~(?:\/|$)/.test(cwd)) {
    return [{ path, message: '~ is not expanded here; write the whole path', got: cwd, expected }];
  }
  return [];
}

function checkText(path: string, value: JsonValue, expected: string): readonly Fault[] {
  if (typeof value !== 'string') {
    const hint = typeof value === 'number' || typeof value === 'boolean' ? `: "${value}"` : '';
    return [{ path, message: 'is no text', got: shown(value), expected: `${expected}${hint}` }];
  }
  if (!value.includes('\0')) return [];
  return [{ path, message: 'holds a NUL character', got: shown(value), expected }];
}
