import type { Flow, FlowTaskId } from '@tasked/core';
import { HOLD_SECS } from './answer-limits.ts';
import { tasksDone } from './flow-on-wire.ts';

const WAIT = `call tasked_flow_status with wait_secs ${HOLD_SECS}`;

/** What to do next about a flow; `failed` is the task to look at, if one has failed. */
export function nextStep(flow: Flow, failed: FlowTaskId | null): string {
  const look = failed === null ? null : `read tasked_task_output of \`${failed}\` with tail 40`;
  switch (flow.state) {
    case 'running': {
      const { waiting, failed: failures } = flow.counts;
      const steps = [
        ...(look === null ? [] : [look]),
        ...(waiting === 0 ? [] : ['see what is asked with tasked_provide_input']),
        WAIT,
      ];
      const counts = [
        `running: ${tasksDone(flow)} of ${flow.taskCount} done`,
        ...(look === null ? [] : [`${failures} failed`]),
        ...(waiting === 0 ? [] : [`${waiting} waiting for input`]),
      ];
      return `${counts.join(', ')}; ${steps.join(', or ')}`;
    }
    case 'failed':
      return `failed: ${look ?? 'look for the failed tasks with tasked_flow_status'}`;
    case 'succeeded':
      return `succeeded: read whole outputs with tasked_task_output${look === null ? '' : `; \`${failed}\` failed, which was allowed`}`;
    case 'cancelled':
      return 'cancelled: submit a flow anew to run the work after all';
  }
}
