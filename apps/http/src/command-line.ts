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
import { Command, InvalidArgumentError, Option } from 'commander';
import { readExpiry } from './keys/expiry.ts';
import { readScopes } from './keys/scopes.ts';
import type { KeysSettings, Request, ServeSettings, Storage } from './settings.ts';

/**
 * Reads the command line. Help and version are printed, faults told in one line on stderr, and the process
 * exits then.
 */
export function readCommandLine(args: readonly string[], version: string): Request {
  let request: Request | undefined;
  const found = (settings: Request) => {
    request = settings;
  };
  const program = rootCommand(version).action((options: ServeOptions, command: Command) => {
    found(serveSettings(options, command));
  });
  program.addCommand(keysCommand(found));
  program.parse(args, { from: 'user' });
  if (request === undefined) throw new Error('the command line asked for nothing');
  return request;
}

interface StorageOptions {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

interface ServeOptions extends StorageOptions {
  readonly sessionUrl?: string;
  readonly host: string;
  readonly port: number;
  readonly allow?: readonly string[];
  readonly allowHost?: readonly string[];
  readonly allowPrivateNetwork?: boolean;
  readonly runner: boolean;
  readonly concurrency?: number;
  readonly retainHours?: number;
  readonly maxHeldCalls?: number;
  readonly passEnv?: readonly string[];
  readonly logLevel: LogLevel;
}

interface CreateOptions extends StorageOptions {
  readonly principal?: string;
  readonly scopes?: readonly string[];
  readonly expires?: number;
}

function rootCommand(version: string): Command {
  return withStorage(named('tasked-http'))
    .description(
      'Durable task execution for AI agents: an MCP server over HTTP that runs flows of tasks.\n' +
        'Without a command it serves clients and runs tasks, until SIGTERM or SIGINT.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpCommand(false)
    .allowExcessArguments(false)
    .addOption(
      new Option(
        '--session-url <url>',
        'that PostgreSQL itself, when the URL of the database leads through a pooler',
      ).env(SESSION_URL_VARIABLE),
    )
    .option('--host <address>', 'where to listen; any but this machine demands a key', '127.0.0.1')
    .option('--port <n>', 'where to listen; 0: any free one', wholeNumber(0, 65_535), 8_765)
    .addOption(
      new Option('--allow <what>', 'let clients run commands; demands a key')
        .choices(['shell'])
        .argParser(collectAllowed),
    )
    .option(
      '--allow-host <name>',
      'a name of this server for clients, beside localhost; demands a key; may be repeated',
      collectHost,
    )
    .option('--allow-private-network', 'let http tasks reach loopback and private addresses')
    .option('--no-runner', 'run no tasks here: take them, and leave them to workers')
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
      '--max-held-calls <n>',
      'calls of one principal that may wait for news here at once (default: 1000)',
      wholeNumber(1, 1_000_000),
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

function keysCommand(found: (settings: KeysSettings) => void): Command {
  const keys = named('keys').description('make, show and revoke API keys').helpCommand(false);
  const create = withStorage(named('create'))
    .description('make a key and print it, this once')
    .argument('<name>', 'what the key is called', keyName)
    .option(
      '--principal <name>',
      'whose flows it opens (default: the name of the key)',
      principalName,
    )
    .option(
      '--scopes <words>',
      'what it may do beside that, for durable tools that ask: a,b; * is all (default: none)',
      scopes,
    )
    .option('--expires <when>', 'after 12h, 90d, 8w, 1y, or on a date such as 2030-01-31', expiry)
    .action((name: string, options: CreateOptions, command: Command) => {
      const { principal = name, scopes = [], expires: expiresAt = null } = options;
      const key = { name, principal, scopes, expiresAt };
      found({ kind: 'keys', command: 'create', ...storageOf(options, command), ...key });
    });
  const list = withStorage(named('list'))
    .description('show the keys, but for what is secret of them')
    .option('--json', 'print JSON', false)
    .action((options: StorageOptions & { readonly json: boolean }, command: Command) => {
      const storage = storageOf(options, command);
      found({ kind: 'keys', command: 'list', ...storage, json: options.json });
    });
  const revoke = withStorage(named('revoke'))
    .description('make a key open nothing any more, at once')
    .argument('<name>', 'name or id of the key')
    .action((name: string, options: StorageOptions, command: Command) => {
      found({ kind: 'keys', command: 'revoke', ...storageOf(options, command), name });
    });
  for (const command of [create, list, revoke]) keys.addCommand(command);
  return keys;
}

function named(name: string): Command {
  return new Command(name)
    .helpOption('-h, --help', 'print this help')
    .enablePositionalOptions()
    .configureOutput({ outputError: (text, write) => write(oneLine('tasked-http', text)) });
}

function withStorage(command: Command): Command {
  return command
    .option('--data-dir <dir>', 'where things are kept', directoryArgument, 'tasked-data')
    .addOption(
      new Option(
        '--database-url <url>',
        'keep flows, logs and keys in PostgreSQL, and not in the data directory',
      ).env(DATABASE_URL_VARIABLE),
    );
}

/** An empty variable of the environment counts as none. */
function storageOf({ dataDir, databaseUrl = '' }: StorageOptions, command: Command): Storage {
  if (databaseUrl === '' && command.getOptionValueSource('databaseUrl') !== 'cli') {
    return { dataDir, databaseUrl: undefined };
  }
  const fault = databaseUrlFault(databaseUrl);
  if (fault !== null) command.error(`error: ${fault}`);
  return { dataDir, databaseUrl };
}

function serveSettings(options: ServeOptions, command: Command): ServeSettings {
  const { host, port, runner, concurrency, retainHours, passEnv = [], logLevel } = options;
  const { allow = [], allowHost = [], allowPrivateNetwork = false, maxHeldCalls } = options;
  const storage = storageOf(options, command);
  return {
    kind: 'serve',
    ...storage,
    sessionUrl: sessionUrlOf(options, storage, command),
    host,
    port,
    allowedHosts: allowHost,
    allowShell: allow.includes('shell'),
    allowPrivateNetwork,
    runner,
    concurrency,
    retainHours,
    maxHeldCalls,
    passEnv,
    logLevel,
  };
}

/** An empty variable of the environment counts as none. */
function sessionUrlOf(
  { sessionUrl = '' }: ServeOptions,
  { databaseUrl }: Storage,
  command: Command,
): string | undefined {
  if (sessionUrl === '' && command.getOptionValueSource('sessionUrl') !== 'cli') return undefined;
  const fault = sessionUrlFault(sessionUrl, databaseUrl);
  if (fault !== null) command.error(`error: ${fault}`);
  return sessionUrl;
}

function keyName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 64 letters, digits, "_", ".", "@" or "-".');
}

/** Also the user of `tasked-stdio`, `local:` and a number, who can have no key by chance. */
function principalName(text: string): string {
  return text.startsWith('local:')
    ? `local:${keyName(text.slice('local:'.length))}`
    : keyName(text);
}

function scopes(text: string): readonly string[] {
  const words = readScopes(text);
  if (words !== null) return words;
  throw new InvalidArgumentError('It must be words of a scope, separated by commas.');
}

function expiry(text: string): number {
  const at = readExpiry(text, Date.now());
  if (at !== null) return at;
  throw new InvalidArgumentError(
    'It must be a time from now, such as 90d, or a date to come, such as 2030-01-31.',
  );
}

function collectAllowed(what: string, before: readonly string[] = []): readonly string[] {
  if (what === 'shell') return [...before, what];
  throw new InvalidArgumentError('Allowed choices are shell.');
}

function collectHost(name: string, before: readonly string[] = []): readonly string[] {
  if (/^[A-Za-z0-9.-]+$|^\[[0-9A-Fa-f:.]+\]$/.test(name)) return [...before, name];
  throw new InvalidArgumentError('It must be a name without a port, such as tasked.example.com.');
}
