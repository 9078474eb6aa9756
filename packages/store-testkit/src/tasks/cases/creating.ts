import { expect } from 'vitest';
import { endedTask, taskRecord } from '../../builders/task-record.ts';
import type { TaskStoreCase } from '../task-store-case.ts';

/** What `createTask` promises. */
export const taskCreatingCases: readonly TaskStoreCase[] = [
  {
    id: 'task-create.whole',
    title: 'a task that was created is read as it was, field by field',
    async run(at) {
      const task = await at.create({
        owner: 'me',
        status: 'input_required',
        statusMessage: '3/7 done, running build',
        toolName: 'build',
        arguments: { path: '/src', deep: { list: [1, null, 'x'] } },
        metadata: { 'example.com/unknown': { kept: true } },
        ttlMs: null,
        pollIntervalMs: 1_000,
        inputs: { q: { state: 'outstanding', request: { method: 'x' }, requestedAt: 2 } },
        version: 7,
      });
      expect(await at.read(task)).toEqual(task);
    },
  },
  {
    id: 'task-create.exists',
    title: 'an id that its owner uses creates nothing, whatever became of that task',
    async run(at) {
      const task = await at.create({ owner: 'me' });
      expect(await at.store.createTask({ ...task, toolName: 'other' }, 100)).toBe('exists');
      expect(await at.read(task)).toEqual(task);
      const ended = await at.put(endedTask(task, 2_000));
      expect(await at.store.createTask(task, 100)).toBe('exists');
      expect(await at.read(task)).toEqual(ended);
    },
  },
  {
    id: 'task-create.per-owner',
    title: 'two owners may have tasks of one id, which never meet',
    async run(at) {
      const mine = await at.create({ owner: 'me', toolName: 'mine' });
      const yours = await at.create({ id: mine.id, owner: 'you', toolName: 'yours' });
      const nobodys = await at.create({ id: mine.id, owner: '', toolName: 'nobody’s' });
      expect(await at.read(mine)).toEqual(mine);
      expect(await at.read(yours)).toEqual(yours);
      await at.put(endedTask(yours, 2_000));
      await at.store.deleteTask(nobodys.id, nobodys.owner);
      expect(await at.read(mine)).toEqual(mine);
      expect(await at.ids({ owner: 'me' })).toEqual([mine.id]);
    },
  },
  {
    id: 'task-create.full',
    title: 'an owner with as many tasks as are allowed gets no more, others do',
    async run(at) {
      const ended = await at.create({ owner: 'me' });
      await at.put(endedTask(ended, 2_000));
      await at.create({ owner: 'me' });
      const more = taskRecord({ owner: 'me' });
      expect(await at.store.createTask(more, 2)).toBe('full');
      expect(await at.read(more)).toBeNull();
      expect(await at.store.createTask(taskRecord({ owner: 'you' }), 2)).toBe('created');
      expect(await at.store.createTask(more, 3)).toBe('created');
      expect(await at.store.createTask(more, 3)).toBe('exists');
      await at.store.deleteTask(ended.id, 'me');
      expect(await at.store.createTask(taskRecord({ owner: 'me' }), 3)).toBe('created');
    },
  },
  {
    id: 'task-create.race',
    title: 'of many that create one id at the same moment, one does',
    async run(at) {
      const racers = Array.from({ length: 20 }, (_, n) =>
        taskRecord({ id: 'one', toolName: `${n}` }),
      );
      const answers = await Promise.all(racers.map((task) => at.store.createTask(task, 100)));
      expect(answers.filter((answer) => answer === 'created')).toHaveLength(1);
      const winner = racers[answers.indexOf('created')];
      expect(await at.store.getTask('one', '')).toEqual(winner);
    },
  },
];
