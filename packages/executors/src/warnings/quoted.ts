const MAX_CHARS = 60;

/** A piece of a command as messages show it: on one line, its beginning when it is long. */
export function quoted(source: string): string {
  const line = source.trim().replaceAll(/\s+/g, ' ');
  const shown = line.length <= MAX_CHARS ? line : `${line.slice(0, MAX_CHARS - 1)}…`;
  return `\`${shown.toWellFormed()}\``;
}
