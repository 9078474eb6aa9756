import {
  type Executor,
  type Fault,
  type JsonValue,
  type MalformedReference,
  REFERENCE_FORM,
  type Reference,
  scanReferences,
} from '@tasked/core';
import type { TasksById } from './dependency-faults.ts';
import type { FaultList } from './fault-list.ts';
import type { TaskDraft } from './flow-draft.ts';
import { type JsonPath, joinPaths, pathText } from './json-path.ts';
import type { Nearest } from './nearest.ts';
import { shorten } from './show-value.ts';
import { mayHoldReferences, visitTexts } from './visit-texts.ts';

/** What references are judged by: the tasks that they can name, and the executors that read them. */
export interface ReferenceScope {
  readonly byId: TasksById;
  readonly nearest: Nearest;
  readonly executors: ReadonlyMap<string, Executor>;
}

/**
 * Adds references of one field that are malformed, stand in a key, ask for a file where there is none, or
 * name a task that is not a direct dependency: only those outputs are there when the task runs.
 */
export function addReferenceFaults(
  draft: TaskDraft,
  field: 'config' | 'input',
  scope: ReferenceScope,
  faults: FaultList,
): void {
  const root = `tasks[${draft.index}].${field}`;
  const told = new Set<unknown>(draft.dependsOn);
  const executor = scope.executors.get(draft.executor ?? '');
  const isFileField = ([name]: JsonPath) =>
    executor === undefined ||
    (field === 'config' && executor.rawFields?.includes(String(name)) === true);
  visitTexts(draft[field] as JsonValue, {
    text: (text, path) => {
      if (!mayHoldReferences(text)) return;
      const { references, malformed } = scanReferences(text);
      const place = () => joinPaths(root, pathText(path));
      for (const found of malformed)
        faults.add('invalid_input', () => notAReference(place(), found));
      for (const reference of references) {
        if (reference.as === 'file' && !isFileField(path)) {
          faults.add('invalid_input', () => noFile(place(), reference, scope));
        }
        if (told.has(reference.taskId)) continue;
        told.add(reference.taskId);
        faults.add('invalid_input', () => strangeTask(place(), { reference, draft, scope }));
      }
    },
    key: (key, path) => {
      if (!mayHoldReferences(key)) return;
      const place = joinPaths(root, pathText([...path, key]));
      faults.add('invalid_input', () => referenceInKey(place, key));
    },
  });
}

function referenceInKey(path: string, key: string): Fault {
  return {
    path,
    message: 'references are replaced in values, not in the names of fields',
    got: shorten(key),
    expected: 'a name without references',
  };
}

function noFile(path: string, { text }: Reference, { executors }: ReferenceScope): Fault {
  const fields = [...executors.values()].flatMap(({ type, rawFields = [] }) =>
    rawFields.map((field) => `the ${field} of a ${type} task`),
  );
  const where = fields.length === 0 ? 'nowhere here' : `only in ${fields.join(', ')}`;
  return {
    path,
    message: `\`:file\`, the path of a file that holds the value, can be had ${where}`,
    got: shorten(text),
    expected: 'a reference to the value itself',
    didYouMean: shorten(text.replace(/:file\}$/, '}')),
  };
}

function notAReference(path: string, { text }: MalformedReference): Fault {
  const meant = mended(text);
  return {
    path,
    message: 'is not a well-formed reference',
    got: shorten(text),
    expected: REFERENCE_FORM,
    ...(meant === undefined ? {} : { didYouMean: meant }),
  };
}

/** The reference with `.output` where it was left out or misspelt, if that makes it one. */
function mended(text: string): string | undefined {
  const parts = /^\$\{tasks\.([A-Za-z0-9_-]+)(?:\.(?:outputs?|result)(?=[.[:}]))?(.*)\}$/i.exec(
    text,
  );
  if (parts === null) return undefined;
  const candidate = `\${tasks.${parts[1]}.output${parts[2]}}`;
  return scanReferences(candidate).references[0]?.text === candidate ? candidate : undefined;
}

interface Strange {
  readonly reference: Reference;
  readonly draft: TaskDraft;
  readonly scope: ReferenceScope;
}

function strangeTask(path: string, { reference, draft, scope }: Strange): Fault {
  const { taskId } = reference;
  const text = shorten(reference.text);
  const got = text;
  if (taskId === draft.id) {
    const message = `${text} names the task itself, which has no output before it has run`;
    return { path, message, got, expected: 'a task in depends_on' };
  }
  if (!scope.byId.has(taskId)) {
    const meant = scope.nearest(taskId, draft.id);
    const suggestion = meant === undefined ? {} : { didYouMean: meant };
    const message = `${text} names a task that this flow does not have`;
    return { path, message, got, expected: 'a task in depends_on', ...suggestion };
  }
  return {
    path,
    message: `${text} needs "${taskId}" in depends_on of this task`,
    got,
    expected: `add "${taskId}" to tasks[${draft.index}].depends_on`,
  };
}
