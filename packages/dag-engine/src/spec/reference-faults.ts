import {
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
import { joinPaths, pathText } from './json-path.ts';
import type { Nearest } from './nearest.ts';
import { shorten } from './show-value.ts';
import { mayHoldReferences, visitTexts } from './visit-texts.ts';

/** The tasks of the flow, as references can name them. */
export interface NamedTasks {
  readonly byId: TasksById;
  readonly nearest: Nearest;
}

/**
 * Adds references of one field that are malformed, stand in a key, or name a task that is not a direct
 * dependency: only those outputs are there when the task runs.
 */
export function addReferenceFaults(
  draft: TaskDraft,
  field: 'config' | 'input',
  tasks: NamedTasks,
  faults: FaultList,
): void {
  const root = `tasks[${draft.index}].${field}`;
  const told = new Set<unknown>(draft.dependsOn);
  visitTexts(draft[field] as JsonValue, {
    text: (text, path) => {
      if (!mayHoldReferences(text)) return;
      const { references, malformed } = scanReferences(text);
      const place = () => joinPaths(root, pathText(path));
      for (const found of malformed)
        faults.add('invalid_input', () => notAReference(place(), found));
      for (const reference of references) {
        if (told.has(reference.taskId)) continue;
        told.add(reference.taskId);
        faults.add('invalid_input', () => strangeTask(place(), { reference, draft, tasks }));
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
  const parts = /^\$\{tasks\.([A-Za-z0-9_-]+)(?:\.(?:outputs?|result)(?=[.[}]))?(.*)\}$/i.exec(
    text,
  );
  if (parts === null) return undefined;
  const candidate = `\${tasks.${parts[1]}.output${parts[2]}}`;
  return scanReferences(candidate).references[0]?.text === candidate ? candidate : undefined;
}

interface Strange {
  readonly reference: Reference;
  readonly draft: TaskDraft;
  readonly tasks: NamedTasks;
}

function strangeTask(path: string, { reference, draft, tasks }: Strange): Fault {
  const { taskId } = reference;
  const text = shorten(reference.text);
  const got = text;
  if (taskId === draft.id) {
    const message = `${text} names the task itself, which has no output before it has run`;
    return { path, message, got, expected: 'a task in depends_on' };
  }
  if (!tasks.byId.has(taskId)) {
    const meant = tasks.nearest(taskId, draft.id);
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
