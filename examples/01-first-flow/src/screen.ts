import { createLogUpdate } from 'log-update';
import type { TaskStatus } from './flow-status.ts';
import { drawTask, drawTree } from './tree.ts';

/** Shows a flow's progress to whoever runs the demo. */
export interface Screen {
  /** Shows how the flow is now. */
  show(tasks: readonly TaskStatus[]): void;
  /** Says something that stays. */
  say(text: string): void;
  /** Leaves what was shown last and gives the terminal back. */
  close(): void;
}

const FRAME_MS = 100;

/** States that need no line of their own. */
const QUIET = ['pending', 'ready'];

/** A tree that moves on a terminal; plain lines anywhere else. */
export function openScreen(stream: NodeJS.WriteStream): Screen {
  return stream.isTTY ? treeScreen(stream) : lineScreen(stream);
}

function treeScreen(stream: NodeJS.WriteStream): Screen {
  const startedAt = performance.now();
  const write = createLogUpdate(stream);
  let latest: readonly TaskStatus[] = [];
  const draw = () => {
    if (latest.length > 0) write(drawTree(latest, performance.now() - startedAt));
  };
  const timer = setInterval(draw, FRAME_MS);
  return {
    show(tasks) {
      latest = tasks;
    },
    say(text) {
      write.persist(text);
      draw();
    },
    close() {
      clearInterval(timer);
      draw();
      write.done();
    },
  };
}

function lineScreen(stream: NodeJS.WriteStream): Screen {
  const startedAt = performance.now();
  const told = new Map<string, string>();
  const say = (text: string) => stream.write(`${text}\n`);
  return {
    show(tasks) {
      for (const task of tasks) {
        const isNews = told.get(task.id) !== task.state && !QUIET.includes(task.state);
        if (!isNews) continue;
        told.set(task.id, task.state);
        const seconds = (performance.now() - startedAt) / 1000;
        say(`${seconds.toFixed(1).padStart(5)} s  ${drawTask(task)}`);
      }
    },
    say,
    close() {},
  };
}
