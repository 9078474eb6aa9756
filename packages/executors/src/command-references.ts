import { type Reference, scanReferences } from '@tasked/core';
import type { PlacedReference } from './scan-cursor.ts';
import { placeReferences } from './shell-scanner.ts';

/** A command whose references the shell takes from variables of its environment. */
export interface RewrittenCommand {
  readonly script: string;
  /** Each distinct reference by the name of the variable that is to hold what it stands for. */
  readonly variables: ReadonlyMap<string, Reference>;
  /** References that cannot stand where they stand; then the script must not be run. */
  readonly refused: readonly RefusedReference[];
}

/** A reference that cannot stand where it stands. */
export interface RefusedReference {
  readonly reference: Reference;
  /** Says what to write instead. */
  readonly why: string;
}

/** What a reference stands for is held by a variable of this name and a number. */
const REFERENCE_VARIABLE = 'TASKED_REF_';

/**
 * Puts an expansion of a variable in the place of each reference, so that no value is ever part of the
 * text that the shell reads: whatever it holds, it is one argument or a piece of one. References that
 * are escaped or in a comment stay as they are.
 */
export function rewriteCommand(command: string): RewrittenCommand {
  const { references } = scanReferences(command);
  if (references.length === 0) return { script: command, variables: new Map(), refused: [] };
  const variables = new Map<string, Reference>();
  const names = new Map<string, string>();
  const refused: RefusedReference[] = [];
  const parts: string[] = [];
  let done = 0;
  for (const placed of placeReferences(command, references)) {
    const { reference, placement } = placed;
    if (placement.kind === 'refused') refused.push({ reference, why: placement.why });
    parts.push(command.slice(done, reference.start), expansion(placed, names));
    const name = names.get(reference.text);
    if (name !== undefined) variables.set(name, reference);
    done = reference.end;
  }
  return { script: parts.join('') + command.slice(done), variables, refused };
}

function expansion({ reference, placement }: PlacedReference, names: Map<string, string>): string {
  if (placement.kind === 'refused' || placement.kind === 'text') return reference.text;
  const name = names.get(reference.text) ?? `${REFERENCE_VARIABLE}${names.size + 1}`;
  names.set(reference.text, name);
  return placement.kind === 'word' ? `"\${${name}}"` : `\${${name}}`;
}
