import type { Command } from 'unbash';

/** One program or builtin as a command calls it, as far as its words are known before it runs. */
export interface Invocation {
  /** The program's name without its directory. */
  readonly program: string;
  readonly args: readonly string[];
  /** True when something other than the task gives it its standard input. */
  readonly hasInput: boolean;
  /** True where its exit code decides what is done next: after `if` or `while`. */
  readonly isCondition: boolean;
  /** As it stands in the command. */
  readonly source: string;
}

/** How a command that runs another one takes its own words. */
interface Wrapper {
  /** Letters of options that have a value. */
  readonly valued: string;
  /** Operands before the program. */
  readonly operands: number;
}

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map([
  ['sudo', { valued: 'ugpChDRTUrt', operands: 0 }],
  ['doas', { valued: 'uC', operands: 0 }],
  ['env', { valued: 'uCS', operands: 0 }],
  ['nice', { valued: 'n', operands: 0 }],
  ['ionice', { valued: 'cn', operands: 0 }],
  ['timeout', { valued: 'sk', operands: 1 }],
  ['stdbuf', { valued: 'ioe', operands: 0 }],
  ['xargs', { valued: 'adEIiLlnPs', operands: 0 }],
  ['exec', { valued: 'a', operands: 0 }],
  ...['nohup', 'time', 'setsid', 'command', 'builtin', 'unbuffer', 'chronic'].map(
    (name) => [name, { valued: '', operands: 0 }] as const,
  ),
]);

/** True for a program that runs the one that is named after it. */
export function isWrapper(program: string): boolean {
  return WRAPPERS.has(program);
}

/** The words of a simple command; a name that is only known when it runs makes an empty list. */
export function wordsOf({ name, args }: Command): readonly string[] {
  if (name === undefined) return [];
  return [name.value, ...args.map((arg) => (arg.type === 'Word' ? arg.value : arg.text))];
}

/** The programs that these words call: of `sudo -n env A=1 top -b` all of sudo, env and top. */
export function programsOf(
  words: readonly string[],
  around: Omit<Invocation, 'program' | 'args'>,
): readonly Invocation[] {
  const [first, ...args] = words;
  if (first === undefined) return [];
  const program = first.slice(first.lastIndexOf('/') + 1);
  const invocation = { program, args, ...around };
  const wrapper = WRAPPERS.get(program);
  if (wrapper === undefined) return [invocation];
  return [invocation, ...programsOf(wrappedWords(args, wrapper), around)];
}

/** The words after the wrapper's own: none for `command -v`, which looks a program up and runs nothing. */
function wrappedWords(args: readonly string[], { valued, operands }: Wrapper): readonly string[] {
  let at = 0;
  let left = operands;
  for (; at < args.length; at++) {
    const word = args[at] as string;
    if (/^-[vV]$/.test(word)) return [];
    if (word.startsWith('-')) {
      if (word.length === 2 && valued.includes(word.charAt(1))) at += 1;
    } else if (/^[A-Za-z_]\w*=/.test(word)) continue;
    else if (left > 0) left -= 1;
    else break;
  }
  return args.slice(at);
}

/** True when one of the options is given: `-y`, also in a cluster (`-qy`), or `--yes`, also with a value. */
export function hasOption(
  args: readonly string[],
  letters: string,
  words: readonly string[] = [],
): boolean {
  return args.some((arg) => {
    if (arg.startsWith('--')) return words.includes(arg.split('=', 1)[0] as string);
    return /^-[A-Za-z]/.test(arg) && [...letters].some((letter) => arg.includes(letter));
  });
}

/** The arguments that are neither options nor values of the options with these letters. */
export function operandsOf(args: readonly string[], valued = ''): readonly string[] {
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--') return [...operands, ...args.slice(at + 1)];
    if (!/^-./.test(arg)) operands.push(arg);
    else if (!arg.startsWith('--') && valued.includes(arg.slice(-1))) at += 1;
  }
  return operands;
}

/** The arguments before the first operand. */
export function ownOptionsOf(args: readonly string[]): readonly string[] {
  const operand = args.findIndex((arg) => !arg.startsWith('-'));
  return operand === -1 ? args : args.slice(0, operand);
}
