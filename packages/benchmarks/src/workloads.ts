/** A flow to submit, as its JSON. */
export interface Workload {
  readonly tasks: readonly object[];
}

/** One task, then `width` beside each other, then one that joins them; outputs are stored. */
export function fan(width: number): Workload {
  const leaves = Array.from({ length: width }, (_, index) => `leaf-${index}`);
  return {
    tasks: [noop('root'), ...leaves.map((id) => noop(id, ['root'])), noop('join', leaves)],
  };
}

/** `length` tasks, each after the one before. */
export function chain(length: number): Workload {
  return {
    tasks: Array.from({ length }, (_, index) =>
      noop(`hop-${index}`, index === 0 ? [] : [`hop-${index - 1}`]),
    ),
  };
}

/** `length` tasks side by side. */
export function loose(length: number): Workload {
  return { tasks: Array.from({ length }, (_, index) => noop(`task-${index}`)) };
}

function noop(id: string, dependsOn: readonly string[] = []): object {
  return { id, executor: 'noop', input: { id }, depends_on: dependsOn };
}
