import { expect } from 'vitest';
import { BODY, documentedFlow, localSite, PRINTED } from './documented-flow.ts';

/** Calls a tool by whatever client is tried, and returns the object of its answer. */
export type CallTool = (name: string, args: Record<string, unknown>) => Promise<Answer>;

/** What a tool answers, read field by field. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers field by field
export type Answer = any;

/** What clients see of `tools/list`. */
export const TOOLS = [
  'tasked_submit_flow',
  'tasked_flow_status',
  'tasked_task_output',
  'tasked_list_flows',
  'tasked_cancel_flow',
  'tasked_provide_input',
];

/**
 * Submits the flow of the documentation, waits for its end and reads what it gave. A client that knows tasks waits by
 * itself, and the answer to its submit is the flow as it ended.
 */
export async function runDocumentedFlow(
  call: CallTool,
  state: 'running' | 'succeeded' = 'running',
): Promise<void> {
  const submitted = await call('tasked_submit_flow', documentedFlow(await localSite()));
  expect(submitted).toMatchObject({ queue: 'reports', state, task_count: 2 });
  const { flow_id } = submitted;
  let status = await call('tasked_flow_status', { flow_id, wait_secs: 20 });
  while (status.state === 'running') {
    status = await call('tasked_flow_status', { flow_id, wait_secs: 20 });
  }
  expect(status).toMatchObject({ flow_id, state: 'succeeded', tasks_succeeded: 2 });
  const fetched = await call('tasked_task_output', { flow_id, task_id: 'fetch' });
  expect(fetched.output).toMatchObject({ status: 200, body: BODY });
  const printed = await call('tasked_task_output', {
    flow_id,
    task_id: 'process',
    stream: 'stdout',
  });
  expect(printed).toMatchObject({ state: 'succeeded', output: PRINTED });
}
