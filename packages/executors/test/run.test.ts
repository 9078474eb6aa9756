import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { shellExecutor } from '../src/index.ts';
import { outputOf, TestAttempt } from './attempt.ts';

const shell = shellExecutor();
const directory = realpathSync(mkdtempSync(join(tmpdir(), 'tasked-run-')));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

async function run(...attempt: ConstructorParameters<typeof TestAttempt>) {
  return await shell.run(new TestAttempt(...attempt));
}

describe('a command', () => {
  it('succeeds with what it printed', async () => {
    expect(await run({ command: 'echo out; echo err >&2' })).toEqual({
      kind: 'succeeded',
      output: { stdout: 'out\n', stderr: 'err\n', exit_code: 0 },
    });
  });

  it('fails with its exit code and the last line of stderr, and keeps what it printed', async () => {
    const command = 'echo out; printf "first\\n\\033[31mlast line\\033[0m\\n\\n" >&2; exit 2';
    expect(await run({ command })).toEqual({
      kind: 'failed',
      failure: { code: 'exit_code', message: 'exit code 2: last line', retryable: true },
      output: { stdout: 'out\n', stderr: expect.stringContaining('last line'), exit_code: 2 },
    });
  });

  it('runs without a shell when it has args', async () => {
    const args = ['$HOME', '*', 'a b', '', '"; touch x; "'];
    const outcome = await run({ command: 'printf', args: ['%s|', ...args] });
    expect(outputOf(outcome).stdout).toBe(args.map((arg) => `${arg}|`).join(''));
  });

  it('may begin with a hyphen', async () => {
    expect(outputOf(await run({ command: '-x || echo ran' })).stdout).toBe('ran\n');
  });

  it('ended by somebody else says by which signal', async () => {
    expect(await run({ command: 'echo bye; kill -KILL $$' })).toEqual({
      kind: 'failed',
      failure: {
        code: 'signal',
        message: expect.stringMatching(/^ended by SIGKILL from outside .*memory/),
        retryable: true,
      },
      output: { stdout: 'bye\n', stderr: '', exit_code: null, signal: 'SIGKILL' },
    });
  });

  it.each([
    ['no-such-command', 127, /not found.*PATH/],
    ['/etc', 126, /no executable file/],
    ["sh -c 'kill -TERM $$'", 143, /ended by SIGTERM/],
  ])('%s says what its exit code means', async (command, code, message) => {
    const outcome = await run({ command: `${command}; exit $?` });
    expect(outcome).toMatchObject({
      failure: { code: 'exit_code', message: expect.stringMatching(message) },
      output: { exit_code: code },
    });
  });

  it('names the last line of stdout when stderr is silent', async () => {
    expect(await run({ command: 'echo "2 tests failed"; exit 1' })).toMatchObject({
      failure: {
        message: 'exit code 1, nothing on stderr; last line of stdout: 2 tests failed',
      },
    });
  });
});

describe('a program that cannot be started', () => {
  it('because it is not there fails for good', async () => {
    expect(await run({ command: 'no-such-program', args: [] })).toEqual({
      kind: 'failed',
      failure: {
        code: 'not_started',
        message: expect.stringMatching(/^no-such-program could not be started: .*PATH/),
        retryable: false,
      },
    });
  });

  it('because it is no executable file fails for good', async () => {
    const file = join(directory, 'plain.txt');
    writeFileSync(file, 'text', { mode: 0o600 });
    expect(await run({ command: file, args: [] })).toMatchObject({
      failure: { message: expect.stringContaining('executable'), retryable: false },
    });
  });

  it('because it is given too much fails for good and names the way out', async () => {
    const args = Array.from({ length: 100 }, () => 'x'.repeat(100_000));
    expect(await run({ command: 'true', args })).toMatchObject({
      failure: {
        message: expect.stringMatching(/larger than the system takes.*input/),
        retryable: false,
      },
    });
  });

  it.each([
    ['has no value', 'echo ${tasks.a.output}'],
    ['cannot stand where it stands', "echo '${tasks.a.output}'"],
  ])('because a reference %s fails for good', async (_why, command) => {
    expect(await run({ command })).toMatchObject({
      failure: {
        code: 'unresolved_reference',
        message: expect.stringMatching(/^\$\{tasks\.a\.output\}: /),
        retryable: false,
      },
    });
  });

  it.each([
    ['args[0]', { command: 'true', args: ['a\0b'] }],
    ['args[1]', { command: 'true', args: ['', 'x'.repeat(131_072)] }],
    ['env.BIG', { command: 'true', env: { BIG: 'x'.repeat(131_072) } }],
    ['cwd', { command: 'true', cwd: '/tmp\0' }],
  ])('because of %s names it', async (name, config) => {
    expect(await run(config)).toMatchObject({
      failure: {
        code: 'unpassable_value',
        message: expect.stringMatching(`^${name.replace(/[[\]]/g, '\\$&')} `),
        retryable: false,
      },
    });
  });
});

describe('input', () => {
  it('arrives on standard input as compact JSON', async () => {
    const input = { name: 'é 💥', list: [1, null] };
    expect(outputOf(await run({ command: 'cat' }, { input })).stdout).toBe(JSON.stringify(input));
  });

  it('is empty when the task has none', async () => {
    expect(outputOf(await run({ command: 'wc -c' })).stdout.trim()).toBe('0');
  });

  it('of a mebibyte arrives whole', async () => {
    const input = 'é'.repeat(512 * 1024);
    const outcome = await run({ command: 'wc -c' }, { input });
    expect(outputOf(outcome).stdout.trim()).toBe(String(1024 * 1024 + 2));
  });

  it.each(['true', 'exec <&-; sleep 0.05; true', 'head -c 1 >/dev/null'])(
    'may be left unread: %s',
    async (command) => {
      const outcome = await run({ command }, { input: 'x'.repeat(1024 * 1024) });
      expect(outcome.kind).toBe('succeeded');
    },
  );
});

describe('the environment', () => {
  async function environmentOf(executor: typeof shell, config = {}): Promise<Map<string, string>> {
    const ref = { flowId: 'f_1', taskId: 'build', fence: 7 };
    const outcome = await executor.run(
      new TestAttempt({ command: 'env', args: ['-0'], ...config }, { ref }),
    );
    const entries = outputOf(outcome)
      .stdout.split('\0')
      .filter((entry) => entry !== '');
    return new Map(entries.map((entry) => entry.split(/=(.*)/s, 2) as [string, string]));
  }

  it('is small, and names the attempt', async () => {
    for (const name of ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'SECRET', 'TASKED_X']) {
      vi.stubEnv(name, name === 'PATH' ? process.env.PATH : `my ${name}`);
    }
    expect(Object.fromEntries(await environmentOf(shell))).toEqual({
      PATH: process.env.PATH,
      HOME: 'my HOME',
      USER: 'my USER',
      LANG: 'my LANG',
      TMPDIR: 'my TMPDIR',
      TASKED_ATTEMPT: 'f_1/build/7',
      TASKED_FLOW_ID: 'f_1',
      TASKED_TASK_ID: 'build',
      TASKED_ATTEMPT_NUMBER: '1',
    });
  });

  it('has what the operator lets through, and what the task sets', async () => {
    vi.stubEnv('TOKEN', 'secret');
    vi.stubEnv('TASKED_OUTER', 'x');
    const executor = shellExecutor({ passEnv: ['TOKEN', 'UNSET_HERE', 'TASKED_OUTER'] });
    const env = { HOME: '/elsewhere', UNICODE: 'grüße 💥\n2', EMPTY: '' };
    const found = await environmentOf(executor, { env });
    expect(Object.fromEntries(found)).toMatchObject({ TOKEN: 'secret', ...env });
    expect(found.has('UNSET_HERE')).toBe(false);
    expect(found.has('TASKED_OUTER')).toBe(false);
  });

  it('takes what a reference brought that is no text as JSON', async () => {
    const found = await environmentOf(shell, { env: { N: 5, LIST: [1, 'a'] } });
    expect([found.get('N'), found.get('LIST')]).toEqual(['5', '[1,"a"]']);
  });
});

describe('cwd', () => {
  it('is where the command runs', async () => {
    const outcome = await run({ command: 'pwd -P', cwd: directory });
    expect(outputOf(outcome).stdout).toBe(`${directory}\n`);
  });

  it.each([
    ['/no/such/directory', /does not exist/],
    ['/etc/passwd/x', /does not exist/],
    ['/etc/passwd', /no directory/],
    ['relative', /no absolute path/],
  ])('%s fails clearly and for good', async (cwd, message) => {
    expect(await run({ command: 'true', cwd })).toEqual({
      kind: 'failed',
      failure: { code: 'bad_cwd', message: expect.stringMatching(message), retryable: false },
    });
  });
});
