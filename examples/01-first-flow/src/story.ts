import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pc from 'picocolors';
import { readDataFile } from './data-file.ts';
import { type FlowStatus, follow, idsIn, type TaskStatus, waitForEnd } from './flow-status.ts';
import { riverFlow, STARTED_FILE } from './river-flow.ts';
import type { Screen } from './screen.ts';
import { readStarts, type Starts, tellReruns, timesStarted } from './starts.ts';
import { TaskedServer } from './tasked-server.ts';

/** What the story is told with. */
export interface Stage {
  /** The folder of this example. */
  readonly example: string;
  /** An empty folder for the server's data and the tasks' files. */
  readonly folder: string;
  readonly screen: Screen;
  /** Aborts when the person at the terminal has had enough. */
  readonly signal: AbortSignal;
}

/** What the story comes to. */
export interface Ending {
  /** What the last task printed: Markdown. */
  readonly report: string;
  /** What ran again after the kill, and what did not. */
  readonly reruns: string;
}

/** How long the server stays dead, so that one can see it. */
const DEAD_MS = 1_000;

/** Submits the flow, kills the server half way, starts it again on the same data, and waits for the end. */
export async function tellStory({ example, folder, screen, signal }: Stage): Promise<Ending> {
  const data = join(example, 'data', 'river-temperatures.csv');
  const work = join(folder, 'work');
  mkdirSync(work);
  const { gauges, rows } = readDataFile(data);
  const spec = riverFlow(gauges, { data, scripts: join(example, 'scripts'), work });
  const order = new Map(spec.tasks.map((task, place) => [task.id, place]));
  const show = ({ tasks }: FlowStatus) => {
    screen.show(tasks.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0)));
  };
  const starts = () => readStarts(join(work, STARTED_FILE));

  let server = await TaskedServer.start(join(folder, 'data'));
  try {
    const { flow_id: flowId } = await server.call<{ flow_id: string }>('tasked_submit_flow', spec);
    screen.say(`Server ${server.pid} runs flow ${flowId} on ${rows} rows.`);
    const half = (status: FlowStatus) => isHalfWay(status, starts());
    const before = await follow({ server, flowId, signal }, show, half);
    if (before.state !== 'running') throw new Error(`the flow has ${before.state} already`);

    await server.kill();
    const untilKill = starts();
    const running = idsIn(before, 'running');
    screen.say(pc.red(`kill -9 ${server.pid}, while ${running.length} tasks were running.`));
    show(cutOff(before));
    // Not cut short: only a new server ends what the dead one has left running.
    await pause(DEAD_MS);

    server = await TaskedServer.start(join(folder, 'data'));
    screen.say(pc.green(`Started it again on the same data, as ${server.pid}.`));
    const flow = { server, flowId, signal };
    const [ended] = await Promise.all([waitForEnd(flow), follow(flow, show)]);
    if (ended.state !== 'succeeded') throw new Error(`the flow has ${ended.state}`);

    checkKept(idsIn(before, 'succeeded'), starts());
    const report = await server.call<{ output: string }>('tasked_task_output', {
      flow_id: flowId,
      task_id: 'report',
      stream: 'stdout',
    });
    return { report: report.output, reruns: tellReruns(untilKill, starts()) };
  } finally {
    await server.stop();
  }
}

/** Half of the tasks have succeeded, and the kill will cut off several that have really begun. */
function isHalfWay(status: FlowStatus, starts: Starts): boolean {
  const running = idsIn(status, 'running');
  const succeeded = idsIn(status, 'succeeded');
  const haveBegun = running.every((id) => starts.has(id));
  return succeeded.length >= status.tasks.length / 2 && running.length > 1 && haveBegun;
}

/** What is left while no server is there. */
function cutOff(status: FlowStatus): FlowStatus {
  const cut = (task: TaskStatus) =>
    task.state === 'running' ? { ...task, state: 'cut off' } : task;
  return { ...status, tasks: status.tasks.map(cut) };
}

/** Tasked's promise: what had succeeded before the kill does not run again. */
function checkKept(succeeded: readonly string[], starts: Starts): void {
  const again = succeeded.filter((id) => timesStarted(starts, id) !== 1);
  if (again.length > 0) throw new Error(`had succeeded, and ran again: ${again.join(', ')}`);
}
