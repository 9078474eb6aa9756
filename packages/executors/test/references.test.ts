import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { rewriteCommand } from '../src/command-references.ts';
import { shellExecutor } from '../src/index.ts';
import { outputOf, TestAttempt } from './attempt.ts';
import { randomCommand, randomSubstitution, randomValue } from './random-commands.ts';
import { runScript, SHELLS } from './shells.ts';

const REF = '${tasks.a.output.v}';
const ATTACK = '"; rm -rf x; echo "';

/** One command for each position that a reference may have, which prints the value and nothing else. */
const POSITIONS: readonly string[] = [
  `printf %s ${REF}`,
  `printf %s "${REF}"`,
  `printf %s ''${REF}""`,
  `printf \\\n%s\\\n ${REF}`,
  `x=${REF}; printf %s "$x"`,
  `export X=${REF}; printf %s "$X"`,
  `x=$(printf %s. ${REF}); printf %s "\${x%.}"`,
  `x="$(printf %s. "${REF}")"; printf %s "\${x%.}"`,
  `unset u; printf %s \${u:-${REF}}`,
  `unset u; printf %s "\${u-${REF}}"`,
  `u=1; printf %s \${u:+"${REF}"}`,
  `head -c -1 <<E\n${REF}\nE`,
  `head -c -1 <<-E\n\t\${nothing-${REF}}\n\tE`,
  `sh -c 'printf %s "$1"' sh ${REF}`,
  `for x in ${REF}; do printf %s "$x"; done`,
  `set -- ${REF}; printf %s "$@"`,
  `case ${REF} in ${REF}) printf %s ${REF};; esac`,
  `f() { printf %s "$1"; }; f ${REF}`,
  `(printf %s ${REF}) # it's ${REF}`,
  `if [ ${REF} = "${REF}" ]; then printf %s ${REF}; fi`,
];

/** More with FUZZ_RUNS in the environment. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);

const SEPARATOR = '\n-- next --\n';

const directory = mkdtempSync(join(tmpdir(), 'tasked-references-'));
const pwned = join(directory, 'PWNED');
afterAll(() => rmSync(directory, { recursive: true }));

describe.each(SHELLS.map((shell) => [shell.join(' '), shell] as const))('in %s', (_name, shell) => {
  it('a value is the same to the byte in every position', { timeout: 120_000 }, () => {
    const command = POSITIONS.map((position) => `${position}\n`).join(
      "printf '\\n-- next --\\n'\n",
    );
    const { script, refused } = rewriteCommand(command);
    expect(refused).toEqual([]);
    const isTheSame = (text: string) => {
      const { stdout } = runScript(shell, script, { env: { TASKED_REF_1: text }, cwd: directory });
      expect(stdout).toBe(POSITIONS.map(() => text).join(SEPARATOR));
      expect(existsSync(pwned)).toBe(false);
    };
    fc.assert(fc.property(randomValue, isTheSame), {
      numRuns: 100,
      examples: [[''], [ATTACK], [' '], ['-n'], ['\n'], ['\\'], ['*'], ['!'], ['('], ['~']],
    });
  });

  // Whatever the scanner lets through: with another value the same happens, only with that value. It
  // begins with a letter that makes it no command, no option and no operator of `[`.
  it('no value changes what a command does', { timeout: 120_000 }, () => {
    const isInert = (command: string, text: string) => {
      const { script, refused } = rewriteCommand(command);
      if (refused.length > 0) return;
      const runWith = (value: string) => {
        // A command may leave files behind, which another one, or its second run, would find.
        for (const name of readdirSync(directory))
          rmSync(join(directory, name), { recursive: true });
        const result = runScript(shell, script, { env: { TASKED_REF_1: value }, cwd: directory });
        expect(existsSync(pwned), command).toBe(false);
        return result;
      };
      const plain = runWith('PLAIN');
      const other = runWith(text);
      if (plain.timedOut || other.timedOut) return;
      expect(other.stdout, command).toBe(plain.stdout.replaceAll('PLAIN', () => text));
    };
    const plainly = randomValue.map((text) => `q${text}`);
    fc.assert(fc.property(randomCommand(REF), plainly, isInert), { numRuns: RUNS });
    const line = plainly.map((text) => text.replace(/\n+$/, ''));
    fc.assert(fc.property(randomSubstitution(REF), line, isInert), { numRuns: RUNS });
  });
});

describe('through the executor', () => {
  const shell = shellExecutor();

  it('an output that looks like a command is harmless and unharmed', async () => {
    const attempt = new TestAttempt(
      {
        command: `mkdir x && printf '%s|' ${REF} "${REF}" "$(printf %s ${REF})"; ls`,
        cwd: mkdtempSync(join(directory, 'own-')),
      },
      { references: { [REF]: ATTACK } },
    );
    const outcome = await shell.run(attempt);
    expect(outputOf(outcome).stdout).toBe(`${ATTACK}|${ATTACK}|${ATTACK}|x\n`);
  });

  it.each([
    ['text with "quotes"', 'text with "quotes"'],
    [42, '42'],
    [true, 'true'],
    [null, 'null'],
    [{ a: [1, 'é "'] }, '{"a":[1,"é \\""]}'],
  ])('%j arrives as %s', async (given, text) => {
    const attempt = new TestAttempt(
      { command: `printf %s ${REF}` },
      { references: { [REF]: given } },
    );
    expect(outputOf(await shell.run(attempt)).stdout).toBe(text);
  });

  it('many references arrive each in its place', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `\${tasks.t${index}.output}`);
    const attempt = new TestAttempt(
      { command: `printf '%s ' ${names.join(' ')}` },
      { references: Object.fromEntries(names.map((name, index) => [name, index])) },
    );
    expect(outputOf(await shell.run(attempt)).stdout).toBe(`${[...names.keys()].join(' ')} `);
  });

  it.each([
    ['a NUL character', 'a\0b', /^\$\{tasks\.a\.output\.v\} holds a NUL character.* input/],
    ['more than a variable can hold', 'x'.repeat(131_072), /131072 bytes.* input/],
  ])('%s fails clearly and for good', async (_what, given, message) => {
    const attempt = new TestAttempt(
      { command: `printf %s ${REF}` },
      { references: { [REF]: given } },
    );
    expect(await shell.run(attempt)).toEqual({
      kind: 'failed',
      failure: {
        code: 'unpassable_value',
        message: expect.stringMatching(message),
        retryable: false,
      },
    });
  });

  it('a value as large as a variable can hold arrives whole', async () => {
    const given = 'x'.repeat(131_071 - 'TASKED_REF_1='.length);
    const attempt = new TestAttempt(
      { command: `printf %s ${REF} | wc -c` },
      { references: { [REF]: given } },
    );
    expect(outputOf(await shell.run(attempt)).stdout.trim()).toBe(String(given.length));
  });
});
