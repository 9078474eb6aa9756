import {
  collectVariableName,
  DATABASE_URL_VARIABLE,
  databaseUrlFault,
  directoryArgument,
  LOG_LEVELS,
  type LogLevel,
  oneLine,
  retainHours,
  SESSION_URL_VARIABLE,
  sessionUrlFault,
  wholeNumber,
} from '@tasked/app-kit';
import type { Place } from '@tasked/app-kit/engine';
import { QUEUE_NAME } from '@tasked/core';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { CLIENTS, type ClientName } from './client-config.ts';
import type { Request, ServeSettings, SharedPlace, WorkSettings } from './settings.ts';

/**
 * Reads the command line. Help and version are printed, faults told in one line on stderr, and the process
 * exits then.
 */
export function readCommandLine(args: readonly string[], version: string): Request {
  let request: Request | undefined;
  const program = rootCommand(version).action((options: ServeOptions, command: Command) => {
    refuseWords(command);
    request = serveSettings(options, placeOf(command, options));
  });
  const worker = workerCommand().action((_own: object, command: Command) => {
    refuseWords(command);
    const options: ServeOptions & WorkerOptions = command.optsWithGlobals();
    request = workSettings(options, sharedPlaceOf(command, options));
  });
  const config = configCommand().action((client: ClientName, _own: object, command: Command) => {
    refuseWords(command, 1);
    const { name, ...options }: ServeOptions & ConfigOptions = command.optsWithGlobals();
    request = {
      kind: 'config',
      client,
      name,
      server: serveSettings(options, placeOf(command, options)),
    };
  });
  const doctor = doctorCommand().action((_own: object, command: Command) => {
    refuseWords(command);
    const options: ServeOptions & DoctorOptions = command.optsWithGlobals();
    const place = sharedPlaceOf(command, options);
    request = { kind: 'doctor', place, json: options.json };
  });
  for (const command of [worker, config, doctor]) program.addCommand(command);
  const [first, ...others] = args;
  program.parse(first === 'mcp' ? others : args, { from: 'user' });
  if (request === undefined) throw new Error('the command line asked for nothing');
  return request;
}

interface ServeOptions {
  readonly dataDir: string;
  readonly store: 'sqlite' | 'memory';
  readonly databaseUrl?: string;
  readonly sessionUrl?: string;
  readonly concurrency?: number;
  readonly retainHours?: number;
  readonly passEnv?: readonly string[];
  readonly logLevel: LogLevel;
}

interface WorkerOptions {
  readonly queues?: readonly string[];
  readonly name?: string;
}

interface ConfigOptions {
  readonly name: string;
}

interface DoctorOptions {
  readonly json: boolean;
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
    .configureOutput({ outputError: (text, write) => write(oneLine('tasked-stdio', text)) })
    .option(
      '--data-dir <dir>',
      'where flows, logs and the database are kept',
      directoryArgument,
      'tasked-data',
    )
    .addOption(
      new Option(
        '--database-url <url>',
        'a PostgreSQL to use in place of SQLite, by any number of machines',
      ).env(DATABASE_URL_VARIABLE),
    )
    .addOption(
      new Option(
        '--session-url <url>',
        'that PostgreSQL itself, when the URL of the database leads through a pooler',
      ).env(SESSION_URL_VARIABLE),
    )
    .addOption(
      new Option('--store <kind>', 'memory forgets everything when the process ends')
        .choices(['sqlite', 'memory'])
        .default('sqlite'),
    )
    .option(
      '--concurrency <n>',
      'tasks that run at once in this process (default: 50)',
      wholeNumber(1, 10_000),
    )
    .option(
      '--retain-hours <n>',
      'how long flows and their logs are kept once they have ended, 1 at least (default: 168, a week)',
      retainHours,
    )
    .option(
      '--pass-env <name>',
      'let tasks see this variable; may be repeated',
      collectVariableName,
    )
    .addOption(
      new Option('--log-level <level>', 'what is logged on stderr')
        .choices([...LOG_LEVELS])
        .default('info'),
    );
}

function subcommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .helpOption('-h, --help', 'print this help')
    .allowExcessArguments()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(oneLine('tasked-stdio', text)) });
}

function workerCommand(): Command {
  return subcommand('worker', 'run tasks without serving a client, until SIGTERM or SIGINT')
    .option('--queues <names>', 'only tasks of these queues, separated by commas', queueNames)
    .option('--name <name>', 'what this worker is called (default: host and process id)');
}

function configCommand(): Command {
  return subcommand('config', 'print what makes a client start this server, and where it belongs')
    .addArgument(new Argument('<client>', 'whose configuration').choices([...CLIENTS]))
    .option('--name <name>', 'what the client calls the server', serverName, 'tasked');
}

function doctorCommand(): Command {
  return subcommand(
    'doctor',
    'look whether all is well, change nothing; exit code 1 when not',
  ).option('--json', 'print JSON', false);
}

function serveSettings(options: ServeOptions, place: Place): ServeSettings {
  return { kind: 'serve', place, ...engineSettings(options) };
}

function workSettings(options: ServeOptions & WorkerOptions, place: SharedPlace): WorkSettings {
  const { queues, name } = options;
  return { kind: 'work', place, ...engineSettings(options), queues, name };
}

function engineSettings({ concurrency, retainHours, passEnv = [], logLevel }: ServeOptions) {
  return { concurrency, retainHours, passEnv, logLevel };
}

function sharedPlaceOf(command: Command, options: ServeOptions): SharedPlace {
  const place = placeOf(command, options);
  if (place.kind !== 'memory') return place;
  command.error(`error: a ${command.name()} needs --store sqlite or --database-url`);
}

/** What is asked for on the command line goes before what the environment says. */
function placeOf(command: Command, options: ServeOptions): Place {
  const { databaseUrl = '', store, dataDir } = options;
  const isAsked = (name: string) => command.getOptionValueSourceWithGlobals(name) === 'cli';
  if (isAsked('databaseUrl') && isAsked('store')) {
    command.error('error: --store and --database-url exclude each other');
  }
  if (!isAsked('databaseUrl') && (databaseUrl === '' || isAsked('store'))) {
    if (isAsked('sessionUrl') || !isAsked('store')) sessionUrlOf(command, options, undefined);
    return store === 'memory' ? { kind: 'memory' } : { kind: 'sqlite', dataDir };
  }
  const fault = databaseUrlFault(databaseUrl);
  if (fault !== null) command.error(`error: ${fault}`);
  const sessionUrl = sessionUrlOf(command, options, databaseUrl);
  return { kind: 'postgres', url: databaseUrl, sessionUrl, dataDir };
}

/** An empty variable of the environment counts as none. */
function sessionUrlOf(
  command: Command,
  { sessionUrl = '' }: ServeOptions,
  databaseUrl: string | undefined,
): string | undefined {
  const isAsked = command.getOptionValueSourceWithGlobals('sessionUrl') === 'cli';
  if (sessionUrl === '' && !isAsked) return undefined;
  const fault = sessionUrlFault(sessionUrl, databaseUrl);
  if (fault !== null) command.error(`error: ${fault}`);
  return sessionUrl;
}

function refuseWords(command: Command, expected = 0): void {
  const word = command.args[expected];
  if (word === undefined) return;
  const commands = 'the only commands are mcp, worker, config and doctor';
  command.error(`error: unexpected word "${word}"; ${commands}`);
}

function serverName(text: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 64 letters, digits, "-" or "_".');
}

function queueNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => QUEUE_NAME.test(name))) return names;
  throw new InvalidArgumentError('It must be names of queues, separated by commas.');
}
