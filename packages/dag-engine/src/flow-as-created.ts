import { type Flow, flowEnd, type NewFlow } from '@tasked/core';

/** The record of a flow at the moment of its creation, which is known without reading it. */
export function flowAsCreated(flow: NewFlow): Flow {
  const { id, owner, queue, failFast, createdAt, ttlMs, tasks } = flow;
  const ready = tasks.filter(({ dependsOn, holds }) => dependsOn.length + holds === 0).length;
  const counts = {
    blocked: tasks.length - ready,
    delayed: 0,
    ready,
    running: 0,
    waiting: 0,
    succeeded: 0,
    failed: 0,
    cancelled: 0,
    skipped: 0,
  };
  const end = flowEnd(counts, 0);
  return {
    id,
    owner,
    queue,
    state: end ?? 'running',
    rev: 1,
    counts,
    taskCount: tasks.length,
    fatalCount: 0,
    inputCount: 0,
    failFast,
    createdAt,
    ttlMs,
    endedAt: end === null ? null : createdAt,
  };
}
