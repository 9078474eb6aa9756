import {
  type CreateFlowResult,
  type Idempotency,
  type NewFlow,
  type NewFlowTask,
  TaskedError,
} from '@tasked/core';
import { endIfDone } from './flow-end.ts';
import { FlowRecord } from './flow-record.ts';
import { OwnerRecord } from './owner-record.ts';
import { TaskRecord } from './task-record.ts';
import type { Transaction } from './transaction.ts';

/** Creates a flow with all its tasks, or nothing of it; see `FlowStore.createFlow`. */
export function createFlow(tx: Transaction, spec: NewFlow): CreateFlowResult {
  const { flows, owners } = tx.tables;
  const { idempotency } = spec;
  const owner = owners.get(spec.owner) ?? new OwnerRecord();
  const used = idempotency === null ? undefined : owner.keys.get(idempotency.key);
  if (idempotency !== null && used !== undefined && holdsKey(flows.get(used.flowId), idempotency)) {
    const same = used.specHash === idempotency.specHash;
    return { kind: same ? 'existing' : 'conflict', flowId: used.flowId };
  }
  if (flows.has(spec.id)) return { kind: 'conflict', flowId: spec.id };
  const flow = buildFlow(tx, spec);
  tx.tables.created += 1;
  flows.set(flow.id, flow);
  owners.set(flow.owner, owner);
  owner.flows.add(flow);
  if (idempotency !== null) {
    owner.keys.set(idempotency.key, { flowId: flow.id, specHash: idempotency.specHash });
  }
  startFlow(tx, flow);
  return { kind: 'created', flowId: flow.id };
}

/** Whether a flow that has a key still holds it against another that wants it. */
function holdsKey(flow: FlowRecord | undefined, { heldSince }: Idempotency): boolean {
  if (heldSince === undefined || flow === undefined) return true;
  return flow.createdAt >= heldSince && flow.state !== 'failed' && flow.state !== 'cancelled';
}

/** The records of a flow, which nothing knows yet: what is wrong with it shows here. */
function buildFlow(tx: Transaction, spec: NewFlow): FlowRecord {
  const queue = tx.tables.queues.get(spec.queue);
  if (queue === undefined) {
    throw new TaskedError(
      'not_found',
      `there is no queue ${spec.queue}; create it with ensureQueue`,
    );
  }
  const flow = new FlowRecord(spec, queue, tx.tables.created);
  for (const task of spec.tasks) addTask(flow, task);
  for (const task of spec.tasks) connect(flow, task);
  flow.counts.blocked = flow.tasks.length;
  return flow;
}

function addTask(flow: FlowRecord, task: NewFlowTask): void {
  if (flow.tasksById.has(task.id)) {
    throw new TaskedError('invalid_input', `two tasks of flow ${flow.id} have the id ${task.id}`);
  }
  const record = new TaskRecord(flow, task, flow.tasks.length);
  flow.tasks.push(record);
  flow.tasksById.set(task.id, record);
}

function connect(flow: FlowRecord, { id, dependsOn }: NewFlowTask): void {
  const dependent = flow.tasksById.get(id);
  for (const parentId of dependsOn) {
    const parent = flow.tasksById.get(parentId);
    if (parent === undefined || dependent === undefined) {
      throw new TaskedError(
        'invalid_input',
        `task ${id} depends on ${parentId}, which is not there`,
      );
    }
    parent.dependents.push(dependent);
  }
}

function startFlow(tx: Transaction, flow: FlowRecord): void {
  tx.touch(flow);
  for (const task of flow.tasks) {
    if (task.open === 0) tx.move(task, 'ready');
    else tx.touchTask(task);
  }
  endIfDone(tx, flow);
}
