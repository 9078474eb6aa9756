import type { FlowTaskId } from './ids.ts';

/** One `${tasks.<id>.output.<path>}` found in a text, or one with `:file` at its end. */
export interface Reference {
  /** As it stands there, braces included. */
  readonly text: string;
  readonly taskId: FlowTaskId;
  /** Keys and indexes below the output; empty for the whole output. */
  readonly path: readonly string[];
  /** What it stands for: the value, or (`:file`) the path of a file that holds it. */
  readonly as: 'value' | 'file';
  /** Where it begins in the text, in UTF-16 units. */
  readonly start: number;
  /** Where the text goes on after it. */
  readonly end: number;
}

/** What looked like a reference (it begins with `${tasks.`) and is none. */
export interface MalformedReference {
  /** Up to its closing brace, at most 80 UTF-16 units. */
  readonly text: string;
  readonly start: number;
}

/** The references of a text, in order, and what was meant as one. */
export interface ReferenceScan {
  readonly references: readonly Reference[];
  readonly malformed: readonly MalformedReference[];
}

/** How a reference is written, for error messages. */
export const REFERENCE_FORM = '${tasks.<id>.output} or ${tasks.<id>.output.<path>}';

const OPENING = '${tasks.';
const REFERENCE =
  /\$\{tasks\.([A-Za-z0-9_-]{1,128})\.output((?:\.[A-Za-z0-9_-]+|\[\d+\]|\["[^"\]]+"\])*)(:file)?\}/y;
/** How much of a malformed reference is shown at most. */
const MAX_SHOWN = 80;
const SEGMENT = /\.([A-Za-z0-9_-]+)|\[(\d+)\]|\["([^"\]]+)"\]/g;

/**
 * Finds every reference in `text`. Only `${tasks.` begins one; any other `${…}` belongs to whoever reads
 * the text later (the shell), and is left alone.
 */
export function scanReferences(text: string): ReferenceScan {
  const references: Reference[] = [];
  const malformed: MalformedReference[] = [];
  let start = text.indexOf(OPENING);
  while (start !== -1) {
    REFERENCE.lastIndex = start;
    const match = REFERENCE.exec(text);
    if (match === null) {
      malformed.push({ text: shown(text, start), start });
      start = text.indexOf(OPENING, start + OPENING.length);
      continue;
    }
    const end = start + match[0].length;
    const taskId = match[1] as string;
    const path = segments(match[2] ?? '');
    const as = match[3] === undefined ? 'value' : 'file';
    references.push({ text: match[0], taskId, path, as, start, end });
    start = text.indexOf(OPENING, end);
  }
  return { references, malformed };
}

/** Up to the closing brace; looking no further keeps a text full of openings linear. */
function shown(text: string, start: number): string {
  const window = text.slice(start, start + MAX_SHOWN);
  return window.slice(0, window.indexOf('}') + 1 || MAX_SHOWN);
}

function segments(path: string): readonly string[] {
  if (path === '') return [];
  if (!path.includes('[')) return path.slice(1).split('.');
  return [...path.matchAll(SEGMENT)].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
}
