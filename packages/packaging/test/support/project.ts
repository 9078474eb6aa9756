import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from './temporary-folder.ts';

/** What runners of scripts and tests add; with it a stranger's project would find our workspace. */
const NOT_OF_A_STRANGER =
  /^(node_(path|options|env|compile_cache)|vitest.*|init_cwd|npm_(?!config_).*|p?npm_config_(\w+_)?prefix)$/i;

/** A new project outside the workspace, where nothing is installed but what is asked for. */
export class Project {
  readonly folder = temporaryFolder();
  readonly env = strangersEnvironment();

  constructor() {
    this.write('package.json', JSON.stringify({ private: true, type: 'module' }));
  }

  /** Installs packages with npm, from files or from the registry; none of them may run a script. */
  async install(packages: readonly string[]): Promise<void> {
    const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    await this.run('npm', ['install', '--loglevel=error', ...options, ...packages]);
  }

  /** Runs a program in the project, without input, and returns what it printed. Throws when it fails. */
  async run(program: string, args: readonly string[]): Promise<string> {
    const { stdout } = await execa(program, args, {
      cwd: this.folder,
      env: this.env,
      extendEnv: false,
      stdin: 'ignore',
    });
    return stdout;
  }

  /** Writes a file of the project and returns its path. */
  write(file: string, text: string): string {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }
}

/**
 * Ours without what a stranger does not have, and with the Node of the tests before any other. There npx
 * runs what is installed, and fetches nothing.
 */
function strangersEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(process.env)) {
    if (!NOT_OF_A_STRANGER.test(name)) env[name] = value;
  }
  const { PATH = '' } = env;
  return {
    ...env,
    PATH: `${dirname(process.execPath)}${delimiter}${PATH}`,
    npm_config_yes: 'false',
  };
}
