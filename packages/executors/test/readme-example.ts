import { NOTHING_TO_RESUME } from '@tasked/core';
import { shellExecutor } from '@tasked/executors';

const shell = shellExecutor({ passEnv: ['CI'] });

const outcome = await shell.run({
  ref: { flowId: 'f_demo', taskId: 'greet', fence: 1 },
  attempt: 1,
  config: { command: 'echo hello ${tasks.name.output}; cat' },
  input: { from: 'stdin' },
  references: new Map([['${tasks.name.output}', '"; rm -rf x; echo "']]),
  signal: new AbortController().signal,
  resume: NOTHING_TO_RESUME,
  log: () => {},
  progress: () => {},
  save: async () => {},
});
console.log(outcome);
