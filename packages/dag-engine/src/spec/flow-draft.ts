import type { FlowSpec } from './flow-spec.ts';

/** What can be judged of a submitted task, whatever else may be wrong with it. */
export interface TaskDraft {
  readonly index: number;
  /** Undefined when it is no text. */
  readonly id: string | undefined;
  readonly executor: string | undefined;
  readonly config: unknown;
  readonly input: unknown;
  /** Its entries as they stand there; those that are no texts belong to the shape. */
  readonly dependsOn: readonly unknown[];
  readonly triggerRule: unknown;
}

type Field = keyof FlowSpec['tasks'][number];

/** Reads the tasks of what was submitted, so that one wrong field hides no other fault. */
export function draftTasks(input: unknown): readonly TaskDraft[] {
  const tasks = fieldOf(input, 'tasks');
  return Array.isArray(tasks) ? Array.from(tasks, draftTask) : [];
}

/** The field's value; undefined when there is none or `value` has no fields. */
export function fieldOf(value: unknown, field: Field | keyof FlowSpec): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[field];
}

function draftTask(task: unknown, index: number): TaskDraft {
  const dependsOn = fieldOf(task, 'depends_on');
  return {
    index,
    id: textOf(fieldOf(task, 'id')),
    executor: textOf(fieldOf(task, 'executor')),
    config: fieldOf(task, 'config'),
    input: fieldOf(task, 'input'),
    dependsOn: Array.isArray(dependsOn) ? dependsOn : [],
    triggerRule: fieldOf(task, 'trigger_rule'),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
