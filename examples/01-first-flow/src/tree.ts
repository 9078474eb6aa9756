import pc from 'picocolors';
import type { TaskStatus } from './flow-status.ts';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;

/**
 * The tasks of the flow as a tree, a line a task, with what moves most in the last line; at most 80 columns
 * wide. They come in this order: the one that splits, those that measure, the one that joins, the report.
 */
export function drawTree(tasks: readonly TaskStatus[], elapsedMs: number): string {
  const done = tasks.filter((task) => task.state === 'succeeded').length;
  const progress = `${done} of ${tasks.length} done, ${(elapsedMs / 1000).toFixed(1)} s`;
  const spinner = SPINNER[Math.floor(elapsedMs / FRAME_MS) % SPINNER.length];
  const lines = tasks.map((task, place) => {
    const branch = pc.dim(branchOf(place, tasks.length));
    return `${branch}${drawTask(task, spinner)}`;
  });
  return [...lines, pc.dim(progress)].join('\n');
}

/** All hang on the first task; the one that joins them comes last, and the report hangs on that. */
function branchOf(place: number, count: number): string {
  if (place === 0) return '';
  if (place === count - 1) return '   ╰─ ';
  return place === count - 2 ? '╰─ ' : '├─ ';
}

/** One task: how it stands, its name, and what there is to say of it. */
export function drawTask(task: TaskStatus, running = '▸'): string {
  return `${symbol(task, running)} ${task.id.padEnd(12)} ${describe(task)}`.trimEnd();
}

function symbol({ state }: TaskStatus, running: string): string {
  switch (state) {
    case 'succeeded':
      return pc.green('✔');
    case 'running':
      return pc.yellow(running);
    case 'delayed':
      return pc.magenta('↻');
    case 'pending':
    case 'ready':
      return pc.dim('·');
    default:
      return pc.red('✖');
  }
}

function describe(task: TaskStatus): string {
  const again = (task.attempt ?? 1) > 1;
  switch (task.state) {
    case 'succeeded':
      return `${resultOf(task)}${again ? pc.magenta(' ↻ second run') : ''}`;
    case 'running':
      return again ? pc.magenta('runs once more') : pc.yellow('running');
    case 'delayed':
      return pc.magenta(`${whyItFailed(task)}; waits for its retry`);
    case 'ready':
      return task.error === undefined
        ? pc.dim('ready')
        : pc.magenta(`${whyItFailed(task)}; ready again`);
    case 'pending':
      return '';
    case 'failed':
      return pc.red(whyItFailed(task));
    default:
      return pc.red(task.state);
  }
}

/** `worker_lost: the process that …` → `worker_lost` */
function whyItFailed({ error = 'failed' }: TaskStatus): string {
  return error.split(':')[0] ?? error;
}

/** What a task found out: a gauge its mean temperature, the split how many readings there are. */
function resultOf({ id, output }: TaskStatus): string {
  const printed = typeof output === 'object' ? output.stdout.trim() : '';
  const [name, , mean] = printed.split(',');
  if (name === id && mean !== undefined) {
    return `${mean.padStart(5)} °C ${pc.cyan('▇'.repeat(Math.round(Number(mean))))}`;
  }
  return /^\d+$/.test(printed) ? `${printed} readings` : '';
}
