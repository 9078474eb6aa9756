/** What a model has to know of the executors of one type. */
interface ExecutorText {
  /** Its config, and what else is good to know before. */
  readonly takes?: string;
  /** What a reference to its output reaches. */
  readonly gives?: string;
  /** A sentence of its own. */
  readonly more?: string;
}

const TEXTS: Readonly<Record<string, ExecutorText>> = {
  shell: {
    takes:
      'config: command; args, to start a program without a shell; cwd; env; input is JSON on stdin',
    gives: '{stdout, stderr, exit_code}',
    more: 'In a shell command ${tasks.<id>.output.<path>:file} is the path of a file that holds it, for what is large.',
  },
  http: {
    takes: 'url; method; headers; body, else input; timeout_secs',
    gives: '{status, headers, body}',
  },
};

/** Executors that Tasked comes with, in the order in which they are told. */
export const BUILT_IN_EXECUTORS: readonly string[] = ['shell', 'http', 'noop'];

/** Tells a model what tasks may be made of; a type that is nobody's but the server's own is told by its name. */
export function describeExecutors(types: readonly string[]): string {
  const texts = types.map((type) => ({ type, ...(Object.hasOwn(TEXTS, type) && TEXTS[type]) }));
  const takes = texts.map(({ type, takes }) => (takes === undefined ? type : `${type} (${takes})`));
  const gives = texts.flatMap(({ type, gives }) =>
    gives === undefined ? [] : `${gives} of ${type}`,
  );
  const becomes = 'becomes the output of a task in depends_on';
  return [
    `Executors: ${takes.length === 0 ? 'none' : listOf(takes)}.`,
    `In config and input \${tasks.<id>.output.<path>} ${[becomes, ...(gives.length === 0 ? [] : [gives.join(', ')])].join(': ')}.`,
    ...texts.flatMap(({ more }) => more ?? []),
  ].join(' ');
}

/** Words as a list, without a comma before the last. `Intl` does that too, and takes 15 ms to load at the first use. */
function listOf(words: readonly string[]): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
