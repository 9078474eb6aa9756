import type { LogChunk, LogStore } from '@tasked/core';
import type { LogStoreCaseId } from '@tasked/store-testkit';

/** A log store that is right but for one thing. */
export interface LogBug {
  /** What an author might have got wrong. */
  readonly name: string;
  /** Cases that MUST notice; others may. */
  readonly caughtBy: readonly LogStoreCaseId[];
  readonly plant: (correct: LogStore) => LogStore;
}

/** Bugs in keeping and reading logs. */
export const loggingBugs: readonly LogBug[] = [
  {
    name: 'counts characters, not bytes',
    caughtBy: ['windows.bytes'],
    plant: (logs) =>
      reading(logs, (chunk) => ({ ...chunk, total: Buffer.from(chunk.bytes).toString().length })),
  },
  {
    name: 'keeps text, and breaks characters that come in two chunks',
    caughtBy: ['windows.split-characters', 'windows.bytes'],
    plant: (logs) => appending(logs, (bytes) => Buffer.from(Buffer.from(bytes).toString())),
  },
  {
    name: 'adds a newline to every chunk',
    caughtBy: ['windows.append', 'windows.offset'],
    plant: (logs) => appending(logs, (bytes) => Buffer.concat([bytes, Buffer.from('\n')])),
  },
  {
    name: 'says of every window how many bytes it has, not the log',
    caughtBy: ['windows.offset', 'windows.large'],
    plant: (logs) => reading(logs, (chunk) => ({ ...chunk, total: chunk.bytes.length })),
  },
  {
    name: 'gives one line too many',
    caughtBy: ['windows.tail'],
    plant: (logs) =>
      overriding(logs, {
        read: (task, stream, window) =>
          logs.read(
            task,
            stream,
            'offset' in window ? window : { ...window, tailLines: window.tailLines + 1 },
          ),
      }),
  },
  {
    name: 'takes the newline at the end for one more line',
    caughtBy: ['windows.tail'],
    plant: (logs) =>
      overriding(logs, {
        async read(task, stream, window) {
          const whole = await logs.read(task, stream, { offset: 0, limit: 64 * 1_048_576 });
          const ends = whole?.bytes.at(-1) === 0x0a;
          if ('offset' in window || !ends) return logs.read(task, stream, window);
          return logs.read(task, stream, { ...window, tailLines: window.tailLines - 1 });
        },
      }),
  },
  {
    name: 'keeps the beginning of a tail that is too long',
    caughtBy: ['windows.tail-limit'],
    plant: (logs) =>
      overriding(logs, {
        async read(task, stream, window) {
          if ('offset' in window) return logs.read(task, stream, window);
          const tail = await logs.read(task, stream, { ...window, limit: 64 * 1_048_576 });
          return tail && { ...tail, bytes: tail.bytes.subarray(0, window.limit) };
        },
      }),
  },
  {
    name: 'mixes the streams',
    caughtBy: ['log-attempts.streams'],
    plant: (logs) =>
      overriding(logs, {
        append: (attempt, _, bytes) => logs.append(attempt, 'log', bytes),
        read: (task, _, window) => logs.read(task, 'log', window),
      }),
  },
  {
    name: 'mixes the attempts',
    caughtBy: ['log-attempts.latest', 'log-attempts.apart'],
    plant: (logs) =>
      overriding(logs, {
        append: (attempt, stream, bytes) => logs.append({ ...attempt, fence: 1 }, stream, bytes),
        read: ({ flowId, taskId }, stream, window) => logs.read({ flowId, taskId }, stream, window),
      }),
  },
  {
    name: 'reads the first attempt by default',
    caughtBy: ['log-attempts.latest'],
    plant: (logs) =>
      overriding(logs, {
        read: (task, stream, window) =>
          logs.read({ ...task, fence: task.fence ?? 1 }, stream, window),
      }),
  },
  {
    name: 'looks for an earlier attempt when the last one said nothing on a stream',
    caughtBy: ['log-attempts.quiet-stream'],
    plant: (logs) =>
      overriding(logs, {
        async read(task, stream, window) {
          const chunk = await logs.read(task, stream, window);
          if (chunk === null || chunk.total > 0) return chunk;
          return logs.read({ ...task, fence: chunk.fence - 1 }, stream, window);
        },
      }),
  },
  {
    name: 'answers with an empty log where there is none',
    caughtBy: ['log-attempts.nothing-logged'],
    plant: (logs) =>
      overriding(logs, {
        async read(task, stream, window) {
          const chunk = await logs.read(task, stream, window);
          return chunk ?? { bytes: new Uint8Array(), offset: 0, total: 0, fence: 0 };
        },
      }),
  },
  {
    name: 'deletes what was written, and writes the rest afterwards',
    caughtBy: ['log-deletion.anew'],
    plant(logs) {
      const late = new Map<string, Parameters<LogStore['append']>[]>();
      return overriding(logs, {
        append(...call) {
          late.set(call[0].flowId, [...(late.get(call[0].flowId) ?? []), call]);
          logs.append(...call);
        },
        async deleteLogs(flowIds) {
          await logs.deleteLogs(flowIds);
          for (const id of flowIds) for (const call of late.get(id) ?? []) logs.append(...call);
        },
      });
    },
  },
  {
    name: 'keeps what it is to delete',
    caughtBy: ['log-deletion.flows', 'log-deletion.racers'],
    plant: (logs) => overriding(logs, { deleteLogs: async () => {} }),
  },
  {
    name: 'deletes the first flow alone',
    caughtBy: ['log-deletion.flows'],
    plant: (logs) =>
      overriding(logs, { deleteLogs: (flowIds) => logs.deleteLogs(flowIds.slice(0, 1)) }),
  },
  {
    name: 'writes only when it is flushed',
    caughtBy: ['log-delivery.without-flush'],
    plant(logs) {
      const waiting: Parameters<LogStore['append']>[] = [];
      return overriding(logs, {
        append: (...call) => {
          waiting.push(call);
        },
        async flush() {
          for (const call of waiting.splice(0)) logs.append(...call);
        },
      });
    },
  },
  {
    name: 'writes in its own time, also when it is flushed',
    caughtBy: ['log-delivery.flush', 'windows.append'],
    plant: (logs) =>
      overriding(logs, {
        append: (...call) => {
          setTimeout(() => logs.append(...call), 20);
        },
      }),
  },
];

function overriding(logs: LogStore, methods: Partial<LogStore>): LogStore {
  return {
    append: (attempt, stream, bytes) => logs.append(attempt, stream, bytes),
    flush: () => logs.flush(),
    read: (task, stream, window) => logs.read(task, stream, window),
    deleteLogs: (flowIds) => logs.deleteLogs(flowIds),
    ...methods,
  };
}

function appending(logs: LogStore, change: (bytes: Uint8Array) => Uint8Array): LogStore {
  return overriding(logs, {
    append: (attempt, stream, bytes) => logs.append(attempt, stream, change(bytes)),
  });
}

function reading(logs: LogStore, change: (chunk: LogChunk) => LogChunk): LogStore {
  return overriding(logs, {
    async read(task, stream, window) {
      const chunk = await logs.read(task, stream, window);
      return chunk && change(chunk);
    },
  });
}
