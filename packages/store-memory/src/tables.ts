import type { FlowTaskRef, Owner, QueueName, RunnerId } from '@tasked/core';
import { ClaimOrder } from './claim-order.ts';
import { DueTasks } from './due-tasks.ts';
import { EndedFlows } from './ended-flows.ts';
import type { FlowRecord } from './flow-record.ts';
import type { OwnerRecord } from './owner-record.ts';
import type { QueueRecord } from './queue-record.ts';
import type { RunnerRecord } from './runner-record.ts';
import type { TaskRecord } from './task-record.ts';

/** Everything that one store holds. */
export class Tables {
  readonly flows = new Map<string, FlowRecord>();
  readonly queues = new Map<QueueName, QueueRecord>();
  readonly runners = new Map<RunnerId, RunnerRecord>();
  readonly ready = new ClaimOrder();
  readonly delayed = new DueTasks();
  readonly owners = new Map<Owner, OwnerRecord>();
  readonly ended = new EndedFlows();
  /** Rises with every flow. */
  created = 0;

  task(ref: FlowTaskRef): TaskRecord | undefined {
    return this.flows.get(ref.flowId)?.tasksById.get(ref.taskId);
  }

  /** The runner, unless it is gone. */
  liveRunner(id: RunnerId): RunnerRecord | undefined {
    const runner = this.runners.get(id);
    return runner?.gone ? undefined : runner;
  }
}
