import type { FlowTaskRef, LogChunk, LogStream, LogWindow } from '@tasked/core';
import { STREAM } from '../../encoding/codes.ts';
import { tailStart } from '../../logs/tail-start.ts';
import type { Database } from '../database.ts';

interface LogRow {
  readonly key: string;
  readonly fence: number;
  readonly stream: number;
  readonly size: number;
}

interface ChunkRow {
  readonly bytes: Uint8Array;
}

/** `LogStore.read`. */
export async function readLog(
  db: Database,
  task: FlowTaskRef & { readonly fence?: number },
  stream: LogStream,
  window: LogWindow,
): Promise<LogChunk | null> {
  const logs = await db.query<LogRow>(
    `select key, fence, stream, size::double precision as size from @log
     where flow_id = $1 and task_id = $2 and fence = coalesce($3::integer,
       (select max(fence) from @log where flow_id = $1 and task_id = $2))`,
    [task.flowId, task.taskId, task.fence ?? null],
  );
  const [any] = logs;
  if (any === undefined) return null;
  const log = logs.find((row) => row.stream === STREAM[stream]);
  if (log === undefined) {
    return { bytes: new Uint8Array(), offset: 0, total: 0, fence: any.fence };
  }
  const total = log.size;
  const readAt = (from: number, length: number) => readBytes(db, log.key, { from, length });
  const offset =
    'offset' in window
      ? Math.min(window.offset, total)
      : await tailStart({ total, readAt }, window);
  const bytes = await readAt(offset, Math.min(window.limit, total - offset));
  return { bytes, offset, total, fence: log.fence };
}

/** Some bytes of a log that are there. */
async function readBytes(
  db: Database,
  key: string,
  { from, length }: { readonly from: number; readonly length: number },
): Promise<Buffer> {
  if (length <= 0) return Buffer.alloc(0);
  const chunks = await db.query<ChunkRow>(
    `select substring(bytes from (greatest($2::bigint - at, 0) + 1)::integer
       for (least($3::bigint - at, length(bytes)) - greatest($2::bigint - at, 0))::integer) as bytes
     from @log_chunk
     where log_key = $1::bigint and at < $3::bigint
       and at >= (select max(at) from @log_chunk where log_key = $1::bigint and at <= $2::bigint)
     order by at`,
    [key, from, from + length],
  );
  return Buffer.concat(chunks.map(({ bytes }) => bytes));
}
