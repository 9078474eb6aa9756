import { encodeOwner, Tasks } from '@tasked/core';
import { MemoryTaskStore } from '@tasked/store-memory';
import { FakeClock } from '@tasked/store-testkit';
import { describe, expect, it } from 'vitest';
import { createTaskStore, type DurableTaskStore } from '../src/index.ts';
import { ownerOfWorkers } from '../src/worker-record.ts';

const REQUEST = { method: 'tools/call', params: { name: 'count' } };

const ANN = encodeOwner({ principal: 'ann' });

/** Processes on one store of data; one whose clock stands still is dead, or frozen. */
class Machine {
  readonly data = new MemoryTaskStore();
  readonly tasks = new Tasks(this.data);

  process(): { readonly clock: FakeClock; readonly store: DurableTaskStore } {
    const clock = new FakeClock(Date.now());
    return { clock, store: createTaskStore(this.data, { principal: 'ann', clock }) };
  }

  async workers(): Promise<number> {
    return (await this.tasks.list(ownerOfWorkers(ANN), { status: 'working' })).tasks.length;
  }
}

async function started(store: DurableTaskStore): Promise<string> {
  return (await store.createTask({}, 1, REQUEST)).taskId;
}

const LOST = { status: 'failed', statusMessage: expect.stringMatching(/^worker_lost: /) };

describe('a task whose process died', () => {
  it('fails once the process gave no sign of life at fifteen looks', async () => {
    const machine = new Machine();
    const dead = machine.process();
    const taskId = await started(dead.store);
    const other = machine.process();
    await other.store.getTask(taskId);
    await other.clock.advance(14_000);
    expect(await other.store.getTask(taskId)).toMatchObject({ status: 'working' });
    await other.clock.advance(1_000);
    expect(await other.store.getTask(taskId)).toMatchObject(LOST);
    await expect(other.store.getTaskResult(taskId)).rejects.toMatchObject({
      data: { reason: 'worker_lost' },
    });
  });

  it('fails too when nobody asks for it, from the first use of another store on', async () => {
    const machine = new Machine();
    const dead = machine.process();
    const working = await started(dead.store);
    const asking = await started(dead.store);
    await dead.store.updateTaskStatus(asking, 'input_required');
    const other = machine.process();
    await started(other.store);
    await other.clock.advance(16_000);
    for (const id of [working, asking]) {
      expect(await machine.tasks.get(ANN, id)).toMatchObject(LOST);
    }
  });

  it('fails at once where another process had found the death but not all of its tasks', async () => {
    const machine = new Machine();
    const dead = machine.process();
    const taskId = await started(dead.store);
    const [record] = (await machine.tasks.list(ownerOfWorkers(ANN))).tasks;
    await machine.tasks.cancel(ownerOfWorkers(ANN), record?.id ?? '');
    const other = machine.process();
    await other.store.getTask(taskId);
    await other.clock.advance(0);
    expect(await other.store.getTask(taskId)).toMatchObject(LOST);
  });

  it('stays as it ended when that was before', async () => {
    const machine = new Machine();
    const dead = machine.process();
    const done = await started(dead.store);
    const left = await started(dead.store);
    await dead.store.storeTaskResult(done, 'completed', { kept: true });
    const other = machine.process();
    await other.store.listTasks();
    await other.clock.advance(16_000);
    expect(await other.store.getTaskResult(done)).toEqual({ kept: true });
    expect(await other.store.getTask(left)).toMatchObject(LOST);
  });

  it('leaves nothing behind when its tasks had ended: a day later its record goes', async () => {
    const machine = new Machine();
    const dead = machine.process();
    await dead.store.storeTaskResult(await started(dead.store), 'completed', {});
    const DAY = 86_400_000;
    for (const [age, left] of [
      [DAY - 60_000, 1],
      [DAY + 60_000, 0],
    ] as const) {
      const other = machine.process();
      await other.clock.advance(age);
      await other.store.listTasks();
      await other.clock.advance(0);
      expect(await machine.workers()).toBe(left);
    }
  });

  it('leaves the tasks of other kinds of servers alone', async () => {
    const machine = new Machine();
    const { id } = await machine.tasks.create(ANN, { method: 'tools/call' });
    const other = machine.process();
    await other.store.getTask(id);
    await other.clock.advance(60_000);
    expect(await other.store.getTask(id)).toMatchObject({ status: 'working' });
  });
});

describe('a process that lives', () => {
  it('keeps its tasks for as long as they take, in the eyes of any number of others', async () => {
    const machine = new Machine();
    const busy = machine.process();
    const taskId = await started(busy.store);
    const others = [machine.process(), machine.process()];
    for (let second = 0; second < 40; second++) {
      for (const { clock, store } of [busy, ...others]) {
        await store.listTasks();
        await clock.advance(1_000);
      }
    }
    expect(await busy.store.getTask(taskId)).toMatchObject({ status: 'working' });
    expect(busy.store.signalOf(taskId).aborted).toBe(false);
  });

  it('hears that it was taken for dead, and takes on new tasks as somebody new', async () => {
    const machine = new Machine();
    const frozen = machine.process();
    const taskId = await started(frozen.store);
    const signal = frozen.store.signalOf(taskId);
    const other = machine.process();
    await other.store.getTask(taskId);
    await other.clock.advance(15_000);
    const late = frozen.store.storeTaskResult(taskId, 'completed', {});
    await expect(late).rejects.toThrow('has ended');
    await frozen.clock.advance(1_000);
    expect(signal.aborted).toBe(true);
    const fresh = await started(frozen.store);
    await frozen.clock.advance(1_000);
    await other.store.getTask(fresh);
    await other.clock.advance(14_000);
    expect(await other.store.getTask(fresh)).toMatchObject({ status: 'working' });
  });

  it('signs off when it has nothing to do, and back in for the next task', async () => {
    const machine = new Machine();
    const { clock, store } = machine.process();
    await store.storeTaskResult(await started(store), 'completed', {});
    expect(await machine.workers()).toBe(1);
    await clock.advance(1_000);
    expect(await machine.workers()).toBe(0);
    await started(store);
    expect(await machine.workers()).toBe(1);
  });

  it('fails what it leaves behind when it closes, and takes on nothing more', async () => {
    const machine = new Machine();
    const { store } = machine.process();
    const taskId = await started(store);
    const signal = store.signalOf(taskId);
    await store.close();
    expect(signal.aborted).toBe(true);
    expect(await store.getTask(taskId)).toMatchObject(LOST);
    expect(await machine.workers()).toBe(0);
    await expect(started(store)).rejects.toThrow('closed');
  });
});

it('a store that does not answer kills nobody: the looks begin where they were', async () => {
  const machine = new Machine();
  const busy = machine.process();
  const taskId = await started(busy.store);
  const other = machine.process();
  await other.store.getTask(taskId);
  await other.clock.advance(10_000);
  const { getTask } = machine.data;
  machine.data.getTask = async () => Promise.reject(new Error('away'));
  await other.clock.advance(60_000);
  machine.data.getTask = getTask.bind(machine.data);
  await busy.clock.advance(1_000);
  await other.clock.advance(10_000);
  expect(await other.store.getTask(taskId)).toMatchObject({ status: 'working' });
});
