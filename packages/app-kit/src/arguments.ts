import { InvalidArgumentError } from 'commander';
import { hidePasswords } from './database-url.ts';

/** Reads the path of a directory. */
export function directoryArgument(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It must be the path of a directory.');
}

/** Makes what reads a whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Adds the name of a variable to those that were given before. */
export function collectVariableName(name: string, before: readonly string[] = []) {
  if (/^[^=\0]+$/.test(name)) return [...before, name];
  throw new InvalidArgumentError('It must be the name of a variable, without a value.');
}

/** What commander has to complain of, in one line that begins with the program's name. */
export function oneLine(program: string, text: string): string {
  return `${program}: ${hidePasswords(text)
    .replace(/^error: /, '')
    .trim()
    .replaceAll('\n', ' ')}\n`;
}
