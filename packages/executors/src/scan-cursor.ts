import type { Reference } from '@tasked/core';
import { REASONS } from './refusal-reasons.ts';

/** How a reference stands in a command, which decides how its value gets there. */
export type Placement =
  /** Outside quotes: a quoted expansion keeps it one word. */
  | { readonly kind: 'word' }
  /** Where the shell does not split what it expands: double quotes, a here-document. */
  | { readonly kind: 'quoted' }
  /** Escaped or in a comment: text that is never expanded. */
  | { readonly kind: 'text' }
  | { readonly kind: 'refused'; readonly why: string };

/** A reference and how it stands there. */
export interface PlacedReference {
  readonly reference: Reference;
  readonly placement: Placement;
}

const MAX_DEPTH = 50;

/** A place in a command that only goes forward, and the references that were placed on the way. */
export class ScanCursor {
  readonly text: string;
  at = 0;
  /** Where the part that is being read ends. */
  end: number;
  readonly #references: readonly Reference[];
  /** Index of the first reference that has not been passed. */
  #ahead = 0;
  readonly #placed: PlacedReference[] = [];
  #depth = 0;
  #forbidden: string | null = null;
  #lost: string | null = null;
  #unclosed = false;

  constructor(text: string, references: readonly Reference[]) {
    this.text = text;
    this.end = text.length;
    this.#references = references;
  }

  get char(): string {
    return this.text[this.at] ?? '';
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  /** Every reference with its placement, in order: all refused when something was never closed. */
  get result(): readonly PlacedReference[] {
    if (!this.#unclosed) return this.#placed;
    const placement = { kind: 'refused', why: this.#lost ?? REASONS.unclosed } as const;
    return this.#references.map((reference) => ({ reference, placement }));
  }

  /** The reference that begins at `at`, which is here or ahead. */
  referenceAt(at: number): Reference | undefined {
    const reference = this.#firstFrom(at);
    return reference?.start === at ? reference : undefined;
  }

  place(reference: Reference, placement: Placement): void {
    const why = this.#lost ?? (placement.kind === 'text' ? null : this.#forbidden);
    this.#placed.push({
      reference,
      placement: why === null ? placement : { kind: 'refused', why },
    });
  }

  /** Goes to `to` and places every reference that is passed in the same way. */
  passOver(to: number, placement: Placement): void {
    for (;;) {
      const reference = this.#firstFrom(this.at);
      if (reference === undefined || reference.start >= to) break;
      this.place(reference, placement);
      this.at = reference.end;
    }
    this.at = to;
  }

  /** Steps over what `pattern` (sticky) matches here; null when it matches nothing. */
  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined || this.at + found.length > this.end) return null;
    this.at += found.length;
    return found;
  }

  /** Where `char` comes next, from `from` on; the end when it does not, which is a fault. */
  find(char: string, from: number): number {
    const found = this.text.indexOf(char, from);
    if (found !== -1 && found < this.end) return found;
    this.leaveOpen();
    return this.end;
  }

  /** Something is never closed. */
  leaveOpen(): void {
    this.#unclosed = true;
  }

  /** From here on it is not certain how the shell reads the command: every reference is refused. */
  lose(why: string): void {
    this.#lost ??= why;
  }

  /** Refuses every reference that `read` meets. */
  forbid(why: string, read: () => void): void {
    const outer = this.#forbidden;
    this.#forbidden ??= why;
    read();
    this.#forbidden = outer;
  }

  /** Reads one level deeper, unless that is too deep. */
  nest(read: () => void): void {
    if (this.#depth === MAX_DEPTH) {
      this.lose(REASONS.tooDeep);
      this.leaveOpen();
      this.at = this.end;
      return;
    }
    this.#depth += 1;
    read();
    this.#depth -= 1;
  }

  #firstFrom(at: number): Reference | undefined {
    while ((this.#references[this.#ahead]?.start ?? at) < at) this.#ahead += 1;
    return this.#references[this.#ahead];
  }
}
