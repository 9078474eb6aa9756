import type { Fault, JsonObject } from '@tasked/core';
import { closest, distance } from 'fastest-levenshtein';
import { shown } from './shown.ts';

/** The fields that a config may have, and other words people use for them. */
export interface KnownFields {
  readonly fields: readonly string[];
  readonly synonyms: ReadonlyMap<string, string>;
}

/** Fields of a task that are easily put into its config, by what they are called there. */
const BESIDE_CONFIG = new Map([
  ['input', 'input'],
  ['stdin', 'input'],
  ['timeout', 'timeout_secs'],
  ['timeout_secs', 'timeout_secs'],
  ['retries', 'retries'],
  ['max_retries', 'retries'],
  ['depends_on', 'depends_on'],
  ['needs', 'depends_on'],
  ['priority', 'priority'],
]);

/** One fault for every field of `config` that is not known, with the field that was probably meant. */
export function unknownFieldFaults(config: JsonObject, known: KnownFields): readonly Fault[] {
  return Object.keys(config)
    .filter((field) => !known.fields.includes(field))
    .map((field) => unknownField(field, config, known));
}

function unknownField(path: string, config: JsonObject, known: KnownFields): Fault {
  const beside = known.synonyms.has(path) ? undefined : BESIDE_CONFIG.get(path);
  const expected = known.fields.length === 0 ? 'no fields: {}' : known.fields.join(', ');
  const fault: Fault = { path, message: 'unknown field', got: shown(config[path]), expected };
  if (beside !== undefined) {
    return {
      ...fault,
      message: `unknown field; \`${beside}\` of the task stands beside \`config\``,
    };
  }
  const meant = meantField(path, known);
  return meant === undefined ? fault : { ...fault, didYouMean: meant };
}

function meantField(field: string, { fields, synonyms }: KnownFields): string | undefined {
  const synonym = synonyms.get(field.toLowerCase());
  if (synonym !== undefined || fields.length === 0) return synonym;
  const nearest = closest(field.toLowerCase(), fields);
  return distance(field.toLowerCase(), nearest) <= Math.max(1, nearest.length / 2)
    ? nearest
    : undefined;
}
