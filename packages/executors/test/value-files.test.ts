import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { AttemptRef, JsonValue } from '@tasked/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shellExecutor } from '../src/index.ts';
import { removeLeftFiles, ValueFiles } from '../src/value-files.ts';
import { outputOf, TestAttempt } from './attempt.ts';

const FILE = '${tasks.a.output.body:file}';
const shell = shellExecutor();

function attempt(command: string, value: JsonValue): TestAttempt {
  return new TestAttempt({ command }, { references: { [FILE]: value } });
}

async function printed(command: string, value: JsonValue): Promise<string> {
  return outputOf(await shell.run(attempt(command, value))).stdout;
}

/** Directories of files of that flow which are still there. */
function leftOf({ flowId }: AttemptRef): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`tasked-${flowId}.`));
}

describe('a reference to a file', () => {
  it.each<[JsonValue, string]>([
    ['text with "quotes"\n', 'text with "quotes"\n'],
    ['', ''],
    [42, '42'],
    [null, 'null'],
    [{ a: [1, 'é "'] }, '{"a":[1,"é \\""]}'],
    ['"; rm -rf x; echo "', '"; rm -rf x; echo "'],
  ])('stands for the path of one that holds %j', async (value, text) => {
    expect(await printed(`cat ${FILE}`, value)).toBe(text);
  });

  it('stands wherever any reference can', async () => {
    const command = `cat ${FILE}; cat < ${FILE}; p="${FILE}"; cat "$p"; cat $(printf %s ${FILE})`;
    expect(await printed(command, 'x')).toBe('xxxx');
  });

  it('carries what no variable can', async () => {
    const value = `a\0b${'é'.repeat(4_000_000)}`;
    expect(await printed(`wc -c < ${FILE}`, value)).toMatch(/^\s*8000003\n$/);
  });

  it('beside one to the value stands for the same', async () => {
    const plain = FILE.replace(':file', '');
    const both = new TestAttempt(
      { command: `[ "$(cat ${FILE})" = ${plain} ] && echo same` },
      { references: { [FILE]: 'x y', [plain]: 'x y' } },
    );
    expect(outputOf(await shell.run(both)).stdout).toBe('same\n');
  });

  it('is for this user alone', async () => {
    const command = `ls -l ${FILE} | cut -c 1-10; ls -ld "$(dirname ${FILE})" | cut -c 1-10`;
    expect(await printed(command, 'x')).toBe('-rw-------\ndrwx------\n');
  });

  it.each([
    ['succeeds', 'true'],
    ['fails', 'false'],
    ['removes the directory itself', `rm -r "$(dirname ${FILE})"`],
  ])('is gone once the command %s', async (_what, command) => {
    const run = attempt(`echo ${FILE}; ${command}`, 'x');
    const path = outputOf(await shell.run(run)).stdout.trim();
    expect(path).toContain(tmpdir());
    expect(existsSync(path)).toBe(false);
    expect(leftOf(run.ref)).toEqual([]);
  });

  it('is gone once the command was stopped', async () => {
    const run = attempt(`echo ${FILE}; sleep 60`, 'x');
    const outcome = shell.run(run);
    const [path] = await run.printed(/^.+$/m);
    expect(existsSync(path as string)).toBe(true);
    run.stop('cancelled');
    await outcome;
    expect(existsSync(dirname(path as string))).toBe(false);
  });

  it('is not written for a command that cannot be started', async () => {
    const run = new TestAttempt(
      { command: `cat ${FILE}`, cwd: '/nowhere' },
      { references: { [FILE]: 'x' } },
    );
    expect(await shell.run(run)).toMatchObject({ failure: { code: 'bad_cwd' } });
    expect(leftOf(run.ref)).toEqual([]);
  });

  it('cannot stand where the shell expands nothing', () => {
    expect(shell.check({ command: `cat '${FILE}'` })).toMatchObject([{ got: FILE }]);
  });
});

it('a value that is too large names the reference to a file as the way out', async () => {
  const reference = '${tasks.a.output["x y"]}';
  const run = new TestAttempt(
    { command: `echo ${reference}` },
    { references: { [reference]: 'x'.repeat(200_000) } },
  );
  expect(await shell.run(run)).toMatchObject({
    failure: {
      code: 'unpassable_value',
      message: expect.stringContaining(
        'write ${tasks.a.output["x y"]:file} for the path of a file',
      ),
    },
  });
});

describe('files of an attempt whose runner died', () => {
  it('are removed with those of earlier ones, and nothing else is', async () => {
    const flowId = `f_left${process.pid}`;
    const lost: AttemptRef = { flowId, taskId: 'build', fence: 3 };
    const foreign = join(tmpdir(), `tasked-${flowId}.build.3`);
    mkdirSync(foreign);
    const others = [
      { ...lost, fence: 10 },
      { ...lost, taskId: 'build-2' },
      { ...lost, flowId: `${flowId}2` },
    ].map((ref) => new ValueFiles(ref));
    onTestFinished(() => removeAll(others, foreign));
    await new ValueFiles({ ...lost, fence: 2 }).write(new Map([['a', 'x']]));
    await new ValueFiles(lost).write(new Map([['a', 'x']]));
    const kept: string[] = [];
    for (const files of others) {
      kept.push(...Object.values(await files.write(new Map([['a', 'x']]))));
    }
    expect(leftOf(lost)).toHaveLength(5);
    await shell.reclaim?.({ ref: lost, executor: 'shell', config: {} });
    expect(kept.filter((path) => existsSync(path))).toEqual(kept);
    expect(leftOf(lost)).toHaveLength(3);
    await removeLeftFiles({ ...lost, taskId: 'never-ran' });
    expect(leftOf(lost)).toHaveLength(3);
  });
});

async function removeAll(all: readonly ValueFiles[], directory: string): Promise<void> {
  for (const files of all) await files.remove();
  rmdirSync(directory);
}
