import { inspect } from 'node:util';
import type { Fault, JsonValue } from '@tasked/core';
import { nearestOf } from '@tasked/dag-engine/spec';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const INSPECTED = { depth: 1, maxArrayLength: 5, maxStringLength: 50, breakLength: Infinity };

/** Longest part of a wrong value that a fault repeats. */
const SHOWN_CHARS = 100;

/** What is wrong with a tool's arguments, which are one flat object of the named fields. */
export function argumentFaults(
  issues: readonly Issue[],
  fields: readonly string[],
): readonly Fault[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownField(key, fields))
      : [wrongValue(issue)],
  );
}

function unknownField(key: string, fields: readonly string[]): Fault {
  const shown = key.slice(0, SHOWN_CHARS);
  return {
    path: shown,
    message: `there is no field "${shown}" here`,
    expected: fields.join(', '),
    ...didYouMean(key, fields),
  };
}

function wrongValue(issue: Issue): Fault {
  const path = issue.path.join('.');
  if (issue.input === undefined)
    return { path, message: 'is missing', expected: expectedBy(issue) };
  const expected = expectedBy(issue);
  return {
    path,
    message: `must be ${expected}`,
    got: shown(issue.input),
    expected,
    ...(issue.code === 'invalid_value' ? didYouMean(issue.input, issue.values.map(String)) : {}),
  };
}

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return bound('at least', issue.minimum, issue.origin);
    case 'too_big':
      return bound('at most', issue.maximum, issue.origin);
    default:
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
};

function bound(word: string, limit: number | bigint, origin: string): string {
  return origin === 'string' ? `${word} ${limit} characters long` : `${word} ${limit}`;
}

function didYouMean(got: unknown, words: readonly string[]): { readonly didYouMean?: string } {
  if (typeof got !== 'string' || got.length > SHOWN_CHARS) return {};
  const nearest = nearestOf(words)(got);
  return nearest === undefined ? {} : { didYouMean: nearest };
}

function shown(value: unknown): JsonValue {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : inspect(value, INSPECTED);
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS).toWellFormed()}…`;
}
