import { describe, expect, it } from 'vitest';
import { connect } from './support/connect.ts';
import { localServer } from './support/local-server.ts';
import { tempDir } from './support/temp-dir.ts';

const fetchTask = (url: string, more: object = {}) => ({
  id: 'fetch',
  executor: 'http',
  config: { url },
  ...more,
});

const after = (id: string, command: string, more: object = {}) => ({
  id,
  executor: 'shell',
  config: { command },
  depends_on: ['fetch'],
  retries: 0,
  ...more,
});

describe('http tasks', () => {
  it('fetch what a shell task works on', async () => {
    const origin = await localServer((_, response) => {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(JSON.stringify({ name: 'Ada "; rm -rf x; echo "', langs: ['en', 'fr'] }));
    });
    const tasked = await connect(['mcp', '--data-dir', tempDir()]);
    const flow_id = await tasked.submit({
      queue: 'data',
      tasks: [
        fetchTask(`${origin}/users/1?key=secret`),
        after('whole', 'echo ${tasks.fetch.output.body}'),
        after('part', 'echo "${tasks.fetch.output.body.name}: ${tasks.fetch.output.status}"'),
        after('stdin', 'cat', { input: '${tasks.fetch.output.body.langs}' }),
      ],
    });
    const status = await tasked.ended(flow_id);
    expect(status).toMatchObject({ state: 'succeeded', tasks_succeeded: 4 });
    const [fetched, whole, part, stdin] = status.tasks;
    expect(fetched).toMatchObject({
      executor: 'http',
      output: { status: 200, body: { langs: ['en', 'fr'] } },
    });
    expect(JSON.parse(whole.output.stdout)).toEqual(fetched.output.body);
    expect(part.output.stdout).toBe('Ada "; rm -rf x; echo ": 200\n');
    expect(stdin.output.stdout).toBe('["en","fr"]');
    const { output } = await tasked.call('tasked_task_output', {
      flow_id,
      task_id: 'fetch',
      stream: 'log',
    });
    expect(output).toMatch(
      /^GET http:\/\/127\.0\.0\.1:\d+\/users\/1\?… -> 200 in \d+ ms, \d+ bytes\n$/,
    );
  });

  it('hand a body too large for a variable to a shell task as a file', async () => {
    const body = 'é"\n'.repeat(1_000_000);
    const origin = await localServer((_, response) => response.end(body));
    const tasked = await connect(['--data-dir', tempDir()]);
    const flow_id = await tasked.submit({
      tasks: [
        fetchTask(origin),
        after('lines', 'uniq -c ${tasks.fetch.output.body:file}'),
        after('count', 'wc -c < "${tasks.fetch.output.body:file}"'),
        after('value', 'echo ${tasks.fetch.output.body}', { allow_failure: true }),
      ],
    });
    const status = await tasked.ended(flow_id);
    // biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
    const byId = Object.fromEntries(status.tasks.map((task: any) => [task.id, task]));
    expect(byId.lines.output.stdout.trim()).toBe('1000000 é"');
    expect(Number(byId.count.output.stdout)).toBe(Buffer.byteLength(body));
    expect(byId.value.error).toContain('write ${tasks.fetch.output.body:file} for the path');
  });

  it('send what a shell task put out', async () => {
    const received: string[] = [];
    const origin = await localServer((request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => received.push(chunk));
      request.on('end', () => response.writeHead(201).end());
    });
    const tasked = await connect(['--data-dir', tempDir()]);
    const flow_id = await tasked.submit({
      tasks: [
        { id: 'build', executor: 'shell', config: { command: 'echo v1' } },
        {
          id: 'report',
          executor: 'http',
          config: {
            url: `${origin}/\${tasks.build.output.exit_code}`,
            headers: { 'x-version': '${tasks.build.output.stdout}' },
            body: { text: 'built ${tasks.build.output.stdout}', build: '${tasks.build.output}' },
          },
          depends_on: ['build'],
        },
      ],
    });
    expect((await tasked.ended(flow_id)).state).toBe('succeeded');
    expect(JSON.parse(received.join(''))).toEqual({
      text: 'built v1\n',
      build: { stdout: 'v1\n', stderr: '', exit_code: 0 },
    });
  });

  it('are tried again no sooner than the server asks, and not when it is of no use', async () => {
    const times: number[] = [];
    const origin = await localServer(({ url }, response) => {
      if (url?.startsWith('/gone')) return response.writeHead(404).end('no such page');
      times.push(performance.now());
      if (times.length > 1) return response.end('ok');
      return response.writeHead(503, { 'retry-after': '1' }).end();
    });
    const tasked = await connect(['--data-dir', tempDir()]);
    const flow_id = await tasked.submit({
      tasks: [
        fetchTask(origin, { retries: 3, backoff_secs: 0.01 }),
        fetchTask(`${origin}/gone?key=secret`, { id: 'gone', retries: 3 }),
      ],
    });
    const status = await tasked.ended(flow_id);
    expect(status).toMatchObject({ state: 'failed', tasks_succeeded: 1, tasks_failed: 1 });
    expect((times[1] as number) - (times[0] as number)).toBeGreaterThan(950);
    const { error } = await tasked.call('tasked_task_output', { flow_id, task_id: 'gone' });
    expect(error).toContain(`GET ${origin}/gone?…: 404 Not Found: no such page`);
  });

  it('that are wrong are refused with every fault at once', async () => {
    const tasked = await connect(['--store', 'memory']);
    const error = await tasked.error('tasked_submit_flow', {
      tasks: [
        fetchTask('ftp://example.org', {
          config: { url: 'ftp://example.org', metod: 'GET', headers: { a: 'b\r\nc' } },
        }),
        after('env', 'true', {
          config: { command: 'true', env: { A: '${tasks.fetch.output.body:file}' } },
        }),
      ],
    });
    expect(error.faults).toMatchObject([
      { path: 'tasks[0].config.url' },
      { path: 'tasks[0].config.headers.a' },
      { path: 'tasks[0].config.metod', did_you_mean: 'method' },
      { path: 'tasks[1].config.env.A', did_you_mean: '${tasks.fetch.output.body}' },
    ]);
  });
});
