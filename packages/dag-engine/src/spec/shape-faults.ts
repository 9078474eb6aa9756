import type { Fault } from '@tasked/core';
import type { z } from 'zod';
import type { FaultList } from './fault-list.ts';
import { FLOW_FIELDS } from './flow-spec.ts';
import { type JsonPath, joinPaths, pathText } from './json-path.ts';
import { nearestOf } from './nearest.ts';
import { kindOf, showValue } from './show-value.ts';

type Issue = z.core.$ZodIssue;

/** Adds what zod found, in our words. */
export function addShapeFaults(issues: readonly Issue[], faults: FaultList): void {
  for (const issue of issues) {
    const path = issue.path as JsonPath;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        faults.add('invalid_input', () => unknownField(path, key, issue.input));
      }
    } else {
      faults.add('invalid_input', () => wrongValue(issue, path));
    }
  }
}

const FIELDS = {
  flow: { names: FLOW_FIELDS.flow, nearest: nearestOf(FLOW_FIELDS.flow) },
  task: { names: FLOW_FIELDS.task, nearest: nearestOf(FLOW_FIELDS.task) },
  queueConfig: { names: FLOW_FIELDS.queueConfig, nearest: nearestOf(FLOW_FIELDS.queueConfig) },
};

/** What other tools call the fields of a task. */
const SYNONYMS = new Map([
  ['needs', 'depends_on'],
  ['requires', 'depends_on'],
  ['dependencies', 'depends_on'],
  ['after', 'depends_on'],
  ['type', 'executor'],
  ['kind', 'executor'],
  ['name', 'id'],
]);

function unknownField(path: JsonPath, key: string, holder: unknown): Fault {
  const place = path.length === 0 ? 'flow' : path[0] === 'tasks' ? 'task' : 'queueConfig';
  const { names, nearest } = FIELDS[place];
  const meant = (place === 'task' ? SYNONYMS.get(key) : undefined) ?? nearest(key);
  const hint = place === 'task' ? '; settings of the executor go into config' : '';
  return {
    path: joinPaths(pathText(path), pathText([key])),
    message: `there is no field "${String(showValue(key))}" here${hint}`,
    got: showValue((holder as Record<string, unknown>)[key]),
    expected: names.join(', '),
    ...(meant === undefined ? {} : { didYouMean: meant }),
  };
}

function wrongValue(issue: Issue, path: JsonPath): Fault {
  const { message, expected } = explain(issue);
  const meant = nearestValue(issue);
  return {
    path: pathText(path),
    message: path.length === 0 ? `a flow ${message}` : message,
    ...(issue.input === undefined ? {} : { got: showValue(issue.input) }),
    expected,
    ...(meant === undefined ? {} : { didYouMean: meant }),
  };
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function explain(issue: Issue): { readonly message: string; readonly expected: string } {
  if (issue.input === undefined) return missing(issue);
  switch (issue.code) {
    case 'invalid_type': {
      const expected = TYPES[issue.expected] ?? issue.expected;
      const hint = issue.input === null ? '; leave the field out if you have no value' : '';
      return { message: `must be ${expected}, not ${kindOf(issue.input)}${hint}`, expected };
    }
    case 'invalid_value': {
      const expected = issue.values.join(', ');
      return { message: `must be one of ${expected}`, expected };
    }
    case 'too_small':
      return must(bound('at least', issue.minimum, issue.origin));
    case 'too_big':
      return must(bound('at most', issue.maximum, issue.origin));
    default:
      return must(`be ${issue.message}`);
  }
}

function missing(issue: Issue): { readonly message: string; readonly expected: string } {
  const type = issue.code === 'invalid_type' ? TYPES[issue.expected] : undefined;
  return { message: 'is missing', expected: type ?? 'a value' };
}

function must(rule: string): { readonly message: string; readonly expected: string } {
  return { message: `must ${rule}`, expected: rule.replace(/^(be|have) /, '') };
}

function bound(word: string, limit: number | bigint, origin: string): string {
  if (origin === 'string') return `have ${word} ${limit} characters`;
  if (origin === 'array') return `have ${word} ${limit} entries`;
  return `be ${word} ${limit}`;
}

function nearestValue(issue: Issue): string | undefined {
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') return undefined;
  return nearestOf(issue.values.map(String))(issue.input);
}
