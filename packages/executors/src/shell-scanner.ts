import type { Reference } from '@tasked/core';
import { findHereDocumentBody, type HereDocument, readHereDocument } from './here-document.ts';
import { REASONS } from './refusal-reasons.ts';
import { type PlacedReference, type Placement, ScanCursor } from './scan-cursor.ts';
import { SimpleCommand } from './simple-command.ts';

const WORD: Placement = { kind: 'word' };
const QUOTED: Placement = { kind: 'quoted' };
const TEXT: Placement = { kind: 'text' };

const SIMPLE_EXPANSION = /\$\{#?(?:[A-Za-z_]\w*|\d+|[@*#?$!-])\}/y;
const DEFAULT_EXPANSION = /\$\{(?:[A-Za-z_]\w*|\d+|[@*#?$!-]):?[-+]/y;
const SPECIAL_PARAMETER = /[@*#?$!\d-]/;

/**
 * Reads a command as sh, dash and bash read it, as far as quoting goes, and says how each reference
 * stands in it. Where shells disagree it gives up: every reference from there on is refused.
 */
export function placeReferences(
  command: string,
  references: readonly Reference[],
): readonly PlacedReference[] {
  return new ShellScanner(command, references).scan();
}

class ShellScanner {
  readonly #cursor: ScanCursor;
  #hereDocuments: HereDocument[] = [];
  #lineReadsCode = false;

  constructor(command: string, references: readonly Reference[]) {
    this.#cursor = new ScanCursor(command, references);
  }

  scan(): readonly PlacedReference[] {
    this.#commands(false);
    return this.#cursor.result;
  }

  /** Commands up to the end, or up to the `)` of the `$(` that holds them. */
  #commands(nested: boolean): void {
    const cursor = this.#cursor;
    const command = new SimpleCommand();
    let open = 0;
    while (!cursor.atEnd) {
      if (nested && command.opensCase) cursor.lose(REASONS.nestedCase);
      if (this.#takeReference(WORD, command) || this.#takeWordPart(command)) continue;
      if (cursor.char === '#' && command.isAtWordStart) this.#comment(nested);
      else if (/[<>]/.test(cursor.char)) this.#redirection(command, nested);
      else if (cursor.text.startsWith('((', cursor.at)) this.#arithmetic(command);
      else if (!/[\n;&|()]/.test(cursor.char)) this.#takeBareChar(command);
      else {
        const char = cursor.char;
        this.#endCommand(command);
        cursor.at += 1;
        this.#checkContinuation(cursor.at);
        if (char === '\n') this.#newline(nested);
        if (char === '(') open += 1;
        if (char === ')' && nested && open === 0) return;
        if (char === ')') open -= 1;
      }
    }
    this.#endCommand(command);
    if (nested) cursor.leaveOpen();
  }

  #takeBareChar(command: SimpleCommand): void {
    const { char } = this.#cursor;
    if (char === ' ' || char === '\t') command.endWord();
    else command.addBare(char);
    this.#cursor.at += 1;
  }

  /** Quotes, escapes and expansions, wherever they may stand in a word outside quotes. */
  #takeWordPart(command: SimpleCommand): boolean {
    if (this.#cursor.char === "'") this.#singleQuotes(command);
    else if (this.#cursor.char === '"') this.#doubleQuotes(command);
    else return this.#takeQuotedPart(command, false);
    return true;
  }

  /** Escapes and expansions: what is special inside double quotes and here-documents too. */
  #takeQuotedPart(command: SimpleCommand, quoted = true): boolean {
    const { char } = this.#cursor;
    if (char === '\\') this.#escape(command);
    else if (char === '$') this.#dollar(command, quoted);
    else if (char === '`') this.#backticks(command);
    else return false;
    return true;
  }

  #takeReference(placement: Placement, command: SimpleCommand): boolean {
    const reference = this.#cursor.referenceAt(this.#cursor.at);
    if (reference === undefined) return false;
    const why = command.codeReason;
    this.#cursor.place(reference, why === null ? placement : { kind: 'refused', why });
    this.#cursor.at = reference.end;
    command.addUnknown();
    return true;
  }

  #escape(command: SimpleCommand): void {
    const cursor = this.#cursor;
    const escaped = cursor.text[cursor.at + 1] ?? '';
    if (escaped !== '\n') command.addQuoted(escaped);
    const reference = cursor.referenceAt(cursor.at + 1);
    if (reference !== undefined) cursor.place(reference, TEXT);
    cursor.at += 2;
  }

  #singleQuotes(command: SimpleCommand): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    const end = cursor.find("'", start + 1);
    command.addQuoted(cursor.text.slice(start + 1, end));
    cursor.passOver(end, { kind: 'refused', why: REASONS.singleQuotes });
    cursor.at = end + 1;
    this.#checkSpan(start);
  }

  #doubleQuotes(command: SimpleCommand): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    command.addQuoted('');
    cursor.at += 1;
    while (!cursor.atEnd && cursor.char !== '"') {
      if (this.#takeReference(QUOTED, command) || this.#takeQuotedPart(command)) continue;
      command.addQuoted(cursor.char);
      cursor.at += 1;
    }
    if (cursor.atEnd) cursor.leaveOpen();
    cursor.at += 1;
    this.#checkSpan(start);
  }

  #dollar(command: SimpleCommand, quoted: boolean): void {
    const cursor = this.#cursor;
    const next = cursor.text[cursor.at + 1] ?? '';
    this.#checkContinuation(cursor.at + 1);
    if (cursor.referenceAt(cursor.at + 1) !== undefined) {
      cursor.at += 1;
      cursor.forbid(REASONS.afterDollar, () => this.#takeReference(WORD, command));
    } else if (cursor.text.startsWith('((', cursor.at + 1)) {
      cursor.at += 1;
      this.#arithmetic(command);
    } else if (next === '(') this.#substitution();
    else if (next === '{') this.#braces(command, quoted);
    else if (next === "'" && !quoted) this.#ansiQuotes();
    else {
      if (next === '[') cursor.lose(REASONS.arithmetic);
      cursor.at += SPECIAL_PARAMETER.test(next) ? 2 : 1;
    }
    command.addUnknown();
  }

  #substitution(): void {
    const start = this.#cursor.at;
    this.#cursor.at += 2;
    this.#checkContinuation(this.#cursor.at);
    this.#cursor.nest(() => this.#commands(true));
    this.#checkSpan(start);
  }

  /** `${…}` that is no reference. */
  #braces(command: SimpleCommand, quoted: boolean): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (cursor.match(SIMPLE_EXPANSION) !== null) return;
    const hasDefault = cursor.match(DEFAULT_EXPANSION) !== null;
    if (!hasDefault) cursor.at += 2;
    const readWord = () => this.#braceWord(command, quoted);
    cursor.nest(hasDefault ? readWord : () => cursor.forbid(REASONS.braces, readWord));
    this.#checkSpan(start);
  }

  #braceWord(command: SimpleCommand, quoted: boolean): void {
    const cursor = this.#cursor;
    while (!cursor.atEnd && cursor.char !== '}') {
      if (quoted && /["']/.test(cursor.char)) cursor.lose(REASONS.nestedQuotes);
      if (this.#takeReference(quoted ? QUOTED : WORD, command)) continue;
      if (quoted ? this.#takeQuotedPart(command) : this.#takeWordPart(command)) continue;
      cursor.at += 1;
    }
    if (cursor.atEnd) cursor.leaveOpen();
    cursor.at += 1;
  }

  /** `((…))` from its first bracket; a subshell in a subshell looks the same and ends in the same place. */
  #arithmetic(command: SimpleCommand): void {
    const start = this.#cursor.at;
    this.#cursor.nest(() =>
      this.#cursor.forbid(REASONS.arithmetic, () => this.#balancedParentheses(command)),
    );
    command.addUnknown();
    this.#checkSpan(start);
  }

  #balancedParentheses(command: SimpleCommand): void {
    const cursor = this.#cursor;
    let open = 0;
    while (!cursor.atEnd) {
      if (this.#takeReference(WORD, command)) continue;
      const { char } = cursor;
      if (/['"#`\\]/.test(char)) cursor.lose(REASONS.arithmeticQuotes);
      if (char === '(') open += 1;
      if (char === ')') open -= 1;
      if (char === '$') this.#dollar(command, true);
      else cursor.at += 1;
      if (open === 0) return;
    }
    cursor.leaveOpen();
  }

  #backticks(command: SimpleCommand): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    let end = start + 1;
    while (end < cursor.end && cursor.text[end] !== '`') end += cursor.text[end] === '\\' ? 2 : 1;
    if (end >= cursor.end) cursor.leaveOpen();
    cursor.passOver(end, { kind: 'refused', why: REASONS.backticks });
    cursor.at = end + 1;
    command.addUnknown();
    this.#checkSpan(start);
  }

  /** `$'…'`, where unknown, is a dollar sign and single quotes, which end at any quote. */
  #ansiQuotes(): void {
    const cursor = this.#cursor;
    const start = cursor.at + 2;
    const end = cursor.find("'", start);
    if (/(?<!\\)(?:\\\\)*\\$/.test(cursor.text.slice(start, end))) cursor.lose(REASONS.ansiQuotes);
    cursor.passOver(end, { kind: 'refused', why: REASONS.singleQuotes });
    cursor.at = end + 1;
    this.#checkSpan(start);
  }

  #comment(nested: boolean): void {
    const cursor = this.#cursor;
    if (nested) cursor.lose(REASONS.nestedComment);
    const newline = cursor.text.indexOf('\n', cursor.at);
    cursor.passOver(newline === -1 ? cursor.end : Math.min(newline, cursor.end), TEXT);
  }

  #redirection(command: SimpleCommand, nested: boolean): void {
    const cursor = this.#cursor;
    command.endWord();
    if (!/^<<(?!<)/.test(cursor.text.slice(cursor.at, cursor.at + 3))) {
      cursor.match(/[<>]+[&|]?/y);
      this.#checkContinuation(cursor.at);
      return;
    }
    if (nested) cursor.lose(REASONS.nestedHereDocument);
    const read = readHereDocument(cursor.text, cursor.at);
    if (read === null) cursor.lose(REASONS.hereDocumentDelimiter);
    else this.#hereDocuments.push(read.document);
    cursor.at = read?.end ?? cursor.at + 2;
  }

  #endCommand(command: SimpleCommand): void {
    command.endWord();
    this.#lineReadsCode ||= command.readsCodeFromStdin;
    command.end();
  }

  #newline(nested: boolean): void {
    if (this.#hereDocuments.length > 0 && nested) this.#cursor.lose(REASONS.nestedHereDocument);
    const documents = this.#hereDocuments;
    this.#hereDocuments = [];
    for (const document of documents) this.#hereDocument(document);
    this.#lineReadsCode = false;
  }

  #hereDocument(document: HereDocument): void {
    const cursor = this.#cursor;
    const outerEnd = cursor.end;
    const body = findHereDocumentBody(cursor.text, { start: cursor.at, end: outerEnd }, document);
    if (body.ambiguous) cursor.lose(REASONS.hereDocumentEnd);
    cursor.end = body.end;
    if (document.quoted) {
      cursor.passOver(body.end, { kind: 'refused', why: REASONS.quotedHereDocument });
    } else if (this.#lineReadsCode) {
      cursor.forbid(REASONS.hereDocumentOfCode, () => this.#hereDocumentText());
    } else this.#hereDocumentText();
    cursor.end = outerEnd;
    cursor.at = body.next;
  }

  #hereDocumentText(): void {
    const text = new SimpleCommand();
    while (!this.#cursor.atEnd) {
      if (this.#takeReference(QUOTED, text) || this.#takeQuotedPart(text)) continue;
      this.#cursor.at += 1;
    }
  }

  /** A continued line may go on with what makes another operator of the one before: `$\⏎(`. */
  #checkContinuation(at: number): void {
    if (this.#cursor.text.startsWith('\\\n', at)) this.#cursor.lose(REASONS.continuation);
  }

  /** A here-document begins after the next newline, but shells disagree on newlines inside quotes. */
  #checkSpan(start: number): void {
    if (this.#hereDocuments.length === 0) return;
    const { text, at } = this.#cursor;
    if (text.slice(start, at).includes('\n')) this.#cursor.lose(REASONS.nestedHereDocument);
  }
}
