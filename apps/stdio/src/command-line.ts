import { QUEUE_NAME } from '@tasked/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ServeSettings, Settings, WorkSettings } from './settings.ts';
import { LOG_LEVELS, type LogLevel } from './stderr-logger.ts';

/**
 * Reads the command line. Help and version are printed, faults told in one line on stderr, and the process
 * exits then.
 */
export function readCommandLine(args: readonly string[], version: string): Settings {
  let settings: Settings | undefined;
  const program = rootCommand(version).action((options: ServeOptions, command: Command) => {
    refuseWords(command);
    settings = serveSettings(options);
  });
  const worker = workerCommand().action((_own: object, command: Command) => {
    refuseWords(command);
    const options: ServeOptions & WorkerOptions = command.optsWithGlobals();
    if (options.store !== 'sqlite') command.error('error: a worker needs --store sqlite');
    settings = workSettings(options);
  });
  program.addCommand(worker);
  const [first, ...others] = args;
  program.parse(first === 'mcp' ? others : args, { from: 'user' });
  if (settings === undefined) throw new Error('the command line asked for nothing');
  return settings;
}

interface ServeOptions {
  readonly dataDir: string;
  readonly store: ServeSettings['store'];
  readonly concurrency?: number;
  readonly passEnv?: readonly string[];
  readonly logLevel: LogLevel;
}

interface WorkerOptions {
  readonly queues?: readonly string[];
  readonly name?: string;
}

function rootCommand(version: string): Command {
  return new Command('tasked-stdio')
    .description(
      'Durable task execution for AI agents: an MCP server on stdio that runs flows of tasks.\n' +
        'Without a command (or with the word mcp) it serves one client and runs tasks meanwhile.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .allowExcessArguments()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
    .option('--data-dir <dir>', 'where flows, logs and the database are kept', path, 'tasked-data')
    .addOption(
      new Option('--store <kind>', 'memory forgets everything when the process ends')
        .choices(['sqlite', 'memory'])
        .default('sqlite'),
    )
    .option('--concurrency <n>', 'tasks that run at once in this process (default: 50)', count)
    .option('--pass-env <name>', 'let tasks see this variable; may be repeated', collect)
    .addOption(
      new Option('--log-level <level>', 'what is logged on stderr')
        .choices([...LOG_LEVELS])
        .default('info'),
    );
}

function workerCommand(): Command {
  return new Command('worker')
    .description('run tasks without serving a client, until SIGTERM or SIGINT')
    .helpOption('-h, --help', 'print this help')
    .allowExcessArguments()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(oneLine(text)) })
    .option('--queues <names>', 'only tasks of these queues, separated by commas', queueNames)
    .option('--name <name>', 'what this worker is called (default: host and process id)');
}

function serveSettings({ concurrency, passEnv = [], ...others }: ServeOptions): ServeSettings {
  return { kind: 'serve', concurrency, passEnv, ...others };
}

function workSettings(options: ServeOptions & WorkerOptions): WorkSettings {
  const { dataDir, concurrency, passEnv = [], logLevel, queues, name } = options;
  return { kind: 'work', store: 'sqlite', dataDir, concurrency, passEnv, logLevel, queues, name };
}

function refuseWords(command: Command): void {
  const [word] = command.args;
  if (word === undefined) return;
  command.error(`error: unexpected word "${word}"; the only commands are mcp and worker`);
}

function path(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It must be the path of a directory.');
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw new InvalidArgumentError('It must be a whole number from 1 to 10000.');
}

function collect(name: string, before: readonly string[] = []): readonly string[] {
  if (/^[^=\0]+$/.test(name)) return [...before, name];
  throw new InvalidArgumentError('It must be the name of a variable, without a value.');
}

function queueNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => QUEUE_NAME.test(name))) return names;
  throw new InvalidArgumentError('It must be names of queues, separated by commas.');
}

function oneLine(text: string): string {
  return `tasked-stdio: ${text
    .replace(/^error: /, '')
    .trim()
    .replaceAll('\n', ' ')}\n`;
}
