import { createLogUpdate } from 'log-update';
import type { TaskStatus } from './flow-status.ts';
import { describe, drawTree } from './tree.ts';

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
        if (told.get(task.id) === task.state) continue;
        told.set(task.id, task.state);
        const text = describe(task);
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
        if (text !== '')
          say(`${seconds} s  ${task.id.padEnd(12)} ${task.state.padEnd(10)} ${text}`);
      }
    },
    say,
    close() {},
  };
}
