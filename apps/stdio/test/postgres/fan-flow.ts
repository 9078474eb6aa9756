/** How many tasks lie side by side, twice: root → 48 → join1 → 48 → join2 → last. */
const WIDTH = 48;

/** How many tasks a {@link fanFlow} has. */
export const FAN_TASKS = 2 * WIDTH + 4;

/** What comes out at its end when every task adds one to the sum of those before it. */
export const FAN_RESULT = 1 + (1 + WIDTH * (1 + (1 + WIDTH * (1 + 1))));

/** The tasks that a task of the flow waits for. */
export function tasksBefore(id: string): readonly string[] {
  if (id === 'root') return [];
  if (id === 'last') return ['join2'];
  if (id === 'join1') return side('a');
  if (id === 'join2') return side('b');
  return id.startsWith('a') ? ['root'] : ['join1'];
}

/** A flow that fans out and in, twice. Every task takes up to `maxMs`. */
export function fanFlow(random: () => number, maxMs: number): object {
  const ids = ['root', ...side('a'), 'join1', ...side('b'), 'join2', 'last'];
  return {
    tasks: ids.map((id) => ({
      id,
      executor: 'trace',
      depends_on: tasksBefore(id),
      config: {
        ms: Math.ceil(random() * maxMs),
        parts: tasksBefore(id).map((name) => `\${tasks.${name}.output.n}`),
      },
      retries: 50,
      backoff_secs: 0.05,
      max_backoff_secs: 0.2,
    })),
  };
}

function side(letter: string): readonly string[] {
  return Array.from({ length: WIDTH }, (_, index) => `${letter}${index}`);
}
