import type { CommandOutline } from './command-outline.ts';
import type { Invocation } from './invocation.ts';
import { quoted } from './quoted.ts';

/** Commands of whoever takes care of what was put into the background. */
const CARES: ReadonlySet<string> = new Set(['wait', 'kill', 'pkill', 'killall', 'fg']);

/** The first thing that is put into the background and left there; null when there is none. */
export function leftInBackground(outline: CommandOutline): string | null {
  const { background, invocations, ambiguousRedirections } = outline;
  const [redirection] = ambiguousRedirections;
  if (redirection !== undefined) {
    return `some /bin/sh (dash on Debian and Ubuntu) take the & of ${quoted(redirection)} for "in the background"; write > FILE 2>&1`;
  }
  const [first] = background;
  if (first === undefined || invocations.some(caresForBackground)) return null;
  return `${quoted(`${first.replace(/\s*&$/, '')} &`)} is ended when the command is, and its exit code is not seen; leave out the & and let it have a task of its own, or end the command with wait`;
}

/** `trap 'kill …' EXIT` cares too; a process in a session of its own is meant to be left alone. */
function caresForBackground({ program, args }: Invocation): boolean {
  if (program === 'trap') return args.some((arg) => arg.includes('kill'));
  return CARES.has(program) || program === 'setsid';
}
