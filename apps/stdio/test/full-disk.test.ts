import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connect } from './support/connect.ts';
import { tempDir } from './support/temp-dir.ts';

/** No file may become longer than 1 MiB: the database stops growing in the middle of the work. */
const LIMIT = 'ulimit -f 2048';

it('a server whose database cannot grow says so, lives, and has all that it acknowledged', {
  timeout: 120_000,
}, async () => {
  const dataDir = tempDir();
  const log = join(tempDir(), 'stderr');
  const before = `${LIMIT}; exec 2>${log}`;
  const limited = await connect(['--data-dir', dataDir], { before });
  const acknowledged: string[] = [];
  const refusals: { readonly code: string }[] = [];
  const input = 'x'.repeat(60_000);
  while (refusals.length < 5) {
    const flow = { tasks: [{ id: 'a', executor: 'noop', input }] };
    await limited.submit(flow).then(
      (id) => acknowledged.push(id),
      (error: Error) => refusals.push(JSON.parse(error.message.replace(/^.*?failed: /, '')).error),
    );
    expect(acknowledged.length).toBeLessThan(1_000);
  }
  for (const { code } of refusals) expect(code).toBe('unavailable');
  // Clients are asked to try again; who operates the server is told why.
  expect(readFileSync(log, 'utf8')).toMatch(
    /tasked\.sqlite (cannot grow|cannot be read or written)/,
  );
  expect(acknowledged.length).toBeGreaterThan(0);
  for (const flow_id of acknowledged) {
    expect((await limited.call('tasked_flow_status', { flow_id })).flow_id).toBe(flow_id);
  }
  await limited.close();
  const roomy = await connect(['--data-dir', dataDir]);
  for (const flow_id of acknowledged) {
    expect((await roomy.ended(flow_id)).state).toBe('succeeded');
  }
  const { flows } = await roomy.call('tasked_list_flows', { limit: 100 });
  expect(flows.map(({ flow_id }: { flow_id: string }) => flow_id).toSorted()).toEqual(
    acknowledged.toSorted(),
  );
});
