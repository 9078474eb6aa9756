import type { JsonObject } from '@tasked/core';
import { describe, expect, it } from 'vitest';
import { checkShellConfig } from './shell-config.ts';

function pathsOf(config: JsonObject): readonly string[] {
  return checkShellConfig(config).map(({ path }) => path);
}

describe('checkShellConfig', () => {
  it.each<JsonObject>([
    { command: 'make test' },
    { command: 'echo "$HOME" ${USER} $(date)', env: { FOO: 'bar', EMPTY: '' }, cwd: 'src' },
    { command: 'git', args: [], cwd: '/tmp' },
    { command: 'git', args: ['log', '${tasks.a.output.ref}'] },
    { command: 'make', env: { A: '${tasks.a.output}' }, cwd: '${tasks.a.output.dir}/x' },
    { command: 'cd ~ && ls', cwd: './~' },
  ])('accepts %j', (config) => {
    expect(checkShellConfig(config)).toEqual([]);
  });

  it('reports every fault at once, each with its path', () => {
    const config = {
      command: 5,
      args: ['a', 1],
      env: { A: 1, 'B=': 'x', TASKED_ATTEMPT: 'x' },
      cwd: true,
      comand: 'x',
    };
    expect(pathsOf(config)).toEqual([
      'command',
      'args[1]',
      'env.A',
      'env.B=',
      'env.TASKED_ATTEMPT',
      'cwd',
      'comand',
    ]);
  });

  it.each<[JsonObject, string]>([
    [{}, 'command'],
    [{ command: '' }, 'command'],
    [{ command: ' \n' }, 'command'],
    [{ command: null }, 'command'],
    [{ command: ['ls', '-l'] }, 'command'],
    [{ command: 'echo \0' }, 'command'],
    [{ command: 'ls', args: '-l' }, 'args'],
    [{ command: 'ls', args: null }, 'args'],
    [{ command: 'ls', args: { 0: 'a' } }, 'args'],
    [{ command: 'ls', args: ['\0'] }, 'args[0]'],
    [{ command: 'ls', env: ['A=1'] }, 'env'],
    [{ command: 'ls', env: null }, 'env'],
    [{ command: 'ls', env: { A: null } }, 'env.A'],
    [{ command: 'ls', env: { '': 'x' } }, 'env.'],
    [{ command: 'ls', env: { A: 'b\0' } }, 'env.A'],
    [{ command: 'ls', cwd: '' }, 'cwd'],
    [{ command: 'ls', cwd: '~/project' }, 'cwd'],
    [{ command: 'ls', cwd: 'a\0b' }, 'cwd'],
  ])('refuses %j', (config, path) => {
    expect(pathsOf(config)).toEqual([path]);
  });

  it('refuses a command that no system would start', () => {
    expect(pathsOf({ command: 'x'.repeat(131_071) })).toEqual([]);
    expect(pathsOf({ command: 'é'.repeat(65_536) })).toEqual(['command']);
  });

  it.each([
    ['comand', 'command'],
    ['cmd', 'command'],
    ['script', 'command'],
    ['environment', 'env'],
    ['ENV', 'env'],
    ['arg', 'args'],
    ['working_directory', 'cwd'],
    ['cw', 'cwd'],
  ])('suggests for the field %s the field %s', (field, meant) => {
    const faults = checkShellConfig({ command: 'true', [field]: 'x' });
    expect(faults).toMatchObject([{ path: field, message: 'unknown field', didYouMean: meant }]);
  });

  it('suggests nothing for a field that resembles none', () => {
    expect(checkShellConfig({ command: 'true', colour: 'red' })).toEqual([
      {
        path: 'colour',
        message: 'unknown field',
        got: 'red',
        expected: 'command, args, env, cwd',
      },
    ]);
  });

  it('says where a field of the task belongs', () => {
    expect(checkShellConfig({ command: 'true', timeout: 5 })[0]?.message).toBe(
      'unknown field; `timeout_secs` of the task stands beside `config`',
    );
  });

  it('shows how to write a number as a text', () => {
    expect(checkShellConfig({ command: 'true', env: { PORT: 3000 } })).toEqual([
      { path: 'env.PORT', message: 'is no text', got: 3000, expected: 'a text: "3000"' },
    ]);
  });

  it('shortens what was found', () => {
    const [fault] = checkShellConfig({ command: 'true', env: 'x'.repeat(1000) });
    expect(fault?.got).toMatch(/^x{120}… \(1000 characters\)$/);
  });

  it('refuses a reference where the shell would not expand it, and says how to mend it', () => {
    const faults = checkShellConfig({ command: "echo 'v: ${tasks.a.output.v}'" });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ path: 'command', got: '${tasks.a.output.v}' });
    expect(faults[0]?.message).toContain('at character 10');
    expect(faults[0]?.message).toContain('use double quotes');
  });

  it('refuses a reference that names the program which args are for', () => {
    const faults = checkShellConfig({ command: '${tasks.a.output.tool}', args: ['-v'] });
    expect(faults).toMatchObject([{ path: 'command', got: '${tasks.a.output.tool}' }]);
  });
});
