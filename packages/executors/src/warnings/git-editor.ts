import { hasOption, type Invocation } from './invocation.ts';

const SAYS_MESSAGE = [
  ...['--message', '--file', '--reuse-message', '--no-edit', '--fixup', '--dry-run'],
] as const;

/** True when git opens no editor and asks nothing. */
export function needsNobodyForGit({ args, source, hasInput }: Invocation): boolean {
  if (source.includes('EDITOR=')) return true;
  const [command, ...rest] = fromCommand(args);
  switch (command) {
    case 'commit':
      return hasOption(rest, 'mFC', SAYS_MESSAGE);
    case 'tag':
      return (
        !hasOption(rest, 'as', ['--annotate', '--sign']) || hasOption(rest, 'mF', SAYS_MESSAGE)
      );
    case 'rebase':
      return !hasOption(rest, 'i', ['--interactive']);
    case 'add':
    case 'checkout':
    case 'restore':
    case 'reset':
      return hasInput || !hasOption(rest, 'pi', ['--patch', '--interactive']);
    default:
      return true;
  }
}

/** The command of git and what follows it, without the options of git itself. */
function fromCommand(args: readonly string[]): readonly string[] {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '-C' || arg === '-c') at += 1;
    else if (!arg.startsWith('-')) return args.slice(at);
  }
  return [];
}
