import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const suite = fileURLToPath(
  new URL('dist/index.js', import.meta.resolve('@modelcontextprotocol/conformance/package.json')),
);

/** One check of a scenario, as the suite reports it. */
export interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/**
 * Runs one scenario of the official suite and tells its checks. `--force`, because scenarios of extensions are skipped
 * without, and a skipped one passes in silence.
 */
export async function runScenario(scenario: string, url: string): Promise<readonly Check[]> {
  const about = ['--spec-version', '2026-07-28', '--force', '--verbose'];
  const args = [suite, 'server', '--url', url, '--scenario', scenario, ...about];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 }).catch(
    // It exits with 1 when a check failed; the checks say which.
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? String(error) }),
  );
  return checksIn(stdout);
}

function checksIn(printed: string): readonly Check[] {
  const [from, to] = [printed.indexOf('\n['), printed.lastIndexOf('\n]')];
  if (from < 0 || to < from) throw new Error(`the suite told no checks: ${printed}`);
  return JSON.parse(printed.slice(from, to + 2)) as Check[];
}
