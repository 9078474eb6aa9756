import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runDocumentedFlow, TOOLS } from '../../stdio/test/clients/run-documented-flow.ts';
import { tempDir } from '../../stdio/test/support/temp-dir.ts';
import { ask, CLIENTS, ended } from './support/clients.ts';
import { newKey, TaskedHttp } from './support/tasked-http.ts';

const shell = (command: string) => ({
  tasks: [{ id: 'a', executor: 'shell', config: { command }, retries: 0 }],
});

describe.each(CLIENTS)('the client %s', (_name, connect) => {
  it('runs a flow, hears of progress meanwhile, and ends no work with a call', async () => {
    const dir = tempDir();
    const key = newKey('ann', '--data-dir', dir);
    const args = ['--data-dir', dir, '--allow', 'shell', '--allow-private-network'];
    const { url } = await TaskedHttp.start(args);
    const client = await connect(url, key);
    expect(await client.listTools()).toEqual(TOOLS);
    await runDocumentedFlow((tool, call) => ask(client, tool, call));

    const heard: number[] = [];
    const gate = join(tempDir(), 'gate');
    const gated = shell(`until [ -e '${gate}' ]; do sleep 0.05; done; exit 1`);
    const { flow_id } = await ask(client, 'tasked_submit_flow', gated);
    const onprogress = ({ progress }: { readonly progress: number }) => void heard.push(progress);
    const status = client.call('tasked_flow_status', { flow_id, wait_secs: 20 }, { onprogress });
    await ask(client, 'tasked_flow_status', { flow_id });
    await writeFile(gate, '');
    await status;
    expect(heard).toEqual([1]);

    const long = await ask(client, 'tasked_submit_flow', shell('sleep 0.5; echo done'));
    const leaving = new AbortController();
    const held = client.call(
      'tasked_flow_status',
      { flow_id: long.flow_id, wait_secs: 20 },
      { signal: leaving.signal },
    );
    leaving.abort();
    await expect(held).rejects.toThrow();
    expect(await ended(client, long.flow_id)).toMatchObject({ state: 'succeeded' });
  });
});
