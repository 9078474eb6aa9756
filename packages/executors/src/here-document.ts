/** One `<<` of a command line, whose text follows the line. */
export interface HereDocument {
  readonly delimiter: string;
  /** True when any part of the delimiter is quoted: then nothing in the text is expanded. */
  readonly quoted: boolean;
  /** True for `<<-`: leading tabs are taken away. */
  readonly stripsTabs: boolean;
}

/** Where the text of a here-document ends, and where the command goes on. */
export interface HereDocumentBody {
  readonly end: number;
  readonly next: number;
  /** True when shells may disagree on where it ends. */
  readonly ambiguous: boolean;
}

const OPERATOR = /<<(-?)[ \t]*((?:\\[^\n]|'[^'\n]*'|"[^"\\\n]*"|[^\s;&|<>()'"\\])*)/y;

/** Reads the `<<` at `at`; null when its delimiter is none that every shell reads alike. */
export function readHereDocument(
  text: string,
  at: number,
): { readonly document: HereDocument; readonly end: number } | null {
  OPERATOR.lastIndex = at;
  const match = OPERATOR.exec(text);
  const word = match?.[2] ?? '';
  const end = at + (match?.[0].length ?? 0);
  if (match === null || word === '' || /[$`]/.test(word) || text[end] === '\\') return null;
  const delimiter = word.replace(/\\(.)|['"]/g, '$1');
  const quoted = delimiter !== word;
  const stripsTabs = match[1] === '-';
  return { document: { delimiter, quoted, stripsTabs }, end };
}

/** Finds the text of a here-document that begins at `start`; without its delimiter it goes on to `end`. */
export function findHereDocumentBody(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  document: HereDocument,
): HereDocumentBody {
  let lineStart = start;
  let continued = false;
  let ambiguous = false;
  while (lineStart < end) {
    const newline = text.indexOf('\n', lineStart);
    const lineEnd = newline === -1 || newline > end ? end : newline;
    const line = text.slice(lineStart, lineEnd);
    const next = Math.min(end, lineEnd + 1);
    if ((document.stripsTabs ? line.replace(/^\t+/, '') : line) === document.delimiter) {
      if (!continued) return { end: lineStart, next, ambiguous };
      ambiguous = true;
    }
    continued = !document.quoted && /(?<!\\)(?:\\\\)*\\$/.test(line);
    lineStart = next;
  }
  return { end, next: end, ambiguous };
}
