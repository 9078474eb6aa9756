import { existsSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { connect } from './support/connect.ts';
import { TaskedProcess } from './support/tasked-process.ts';
import { tempDir } from './support/temp-dir.ts';
import { until } from './support/until.ts';

/** Nobody waits for hours: the flow has ended so many earlier. */
function endEarlier(dataDir: string, flowId: string, hours: number): void {
  const database = new BetterSqlite3(join(dataDir, 'tasked.sqlite'));
  database
    .prepare(
      'update flow set created_at = created_at - $ms, ended_at = ended_at - $ms where id = $id',
    )
    .run({ ms: hours * 3_600_000, id: flowId });
  database.close();
}

const shell = (id: string, command: string) => ({ id, executor: 'shell', config: { command } });

it.each(['a server', 'a worker'])(
  '%s forgets flows whose time is over, with their logs, and nothing that goes on',
  { timeout: 60_000 },
  async (who) => {
    const dataDir = tempDir();
    const at = ['--data-dir', dataDir];
    const first = await connect(at);
    const over = await first.submit({ idempotency_key: 'k', tasks: [shell('a', 'echo said')] });
    expect((await first.ended(over)).state).toBe('succeeded');
    const live = await first.submit({ tasks: [shell('a', 'echo started; sleep 600')] });
    await until(() => existsSync(join(dataDir, 'logs', live)));
    expect(existsSync(join(dataDir, 'logs', over))).toBe(true);

    endEarlier(dataDir, over, 2);
    const forgetful = [...at, '--retain-hours', '1'];
    if (who === 'a server') await connect(forgetful);
    else new TaskedProcess(['worker', ...forgetful]);

    await until(() => !existsSync(join(dataDir, 'logs', over)));
    const error = await first.error('tasked_flow_status', { flow_id: over });
    expect(error.code).toBe('not_found');
    expect((await first.call('tasked_flow_status', { flow_id: live })).state).toBe('running');
    expect(existsSync(join(dataDir, 'logs', live))).toBe(true);
    const again = await first.submit({ idempotency_key: 'k', tasks: [shell('b', 'true')] });
    expect(again).not.toBe(over);
  },
);
