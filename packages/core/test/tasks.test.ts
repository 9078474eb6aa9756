import { beforeEach, describe, expect, it } from 'vitest';
import {
  type ErrorCode,
  isTaskedError,
  type JsonObject,
  type Logger,
  TASK_RETENTION_MS,
  type Task,
  Tasks,
  type TasksOptions,
  type TaskTransition,
} from '../src/index.ts';
import { MapTaskStore } from './map-task-store.ts';

const HOUR = TASK_RETENTION_MS;
const CALL = { method: 'tools/call', toolName: 'build' };
const ASK = { method: 'elicitation/create' };
const RESULT = { content: [] };
const ERROR = { code: -32_000, message: 'no space left' };

let now: number;
let store: MapTaskStore;
let tasks: Tasks;

beforeEach(() => {
  now = 1_000_000;
  store = new MapTaskStore();
  tasks = serviceOf();
});

function serviceOf(options: TasksOptions = {}): Tasks {
  return new Tasks(store, { clock: { now: () => now }, ...options });
}

/** What a call throws. */
async function refusal(call: Promise<unknown>): Promise<{ code: ErrorCode; message: string }> {
  const error = await call.then(
    () => expect.fail('the call was not refused'),
    (reason: unknown) => reason,
  );
  if (!isTaskedError(error)) throw error;
  return { code: error.code, message: error.message };
}

describe('an id', () => {
  it('has 128 random bits, in letters that can stand anywhere', () => {
    const ids = Array.from({ length: 1_000 }, () => tasks.generateId());
    for (const id of ids) expect(id).toMatch(/^t_[A-Za-z0-9_-]{22}$/);
    expect(new Set(ids).size).toBe(1_000);
  });

  it('may be chosen, once by each owner', async () => {
    const task = await tasks.create('me', { ...CALL, id: 'mine' });
    expect(task.id).toBe('mine');
    expect((await refusal(tasks.create('me', { ...CALL, id: 'mine' }))).code).toBe(
      'already_exists',
    );
    expect((await tasks.create('you', { ...CALL, id: 'mine' })).owner).toBe('you');
    expect((await refusal(tasks.create('me', { ...CALL, id: 'a/b' }))).code).toBe('invalid_input');
  });

  it('is free again when its task is over, though nobody removed it', async () => {
    Object.assign(store, { deleteExpiredTasks: removeExpired });
    const first = await tasks.create('me', { ...CALL, id: 'mine', ttlMs: 0 });
    await tasks.cancel('me', first.id);
    now += HOUR;
    expect(await tasks.create('me', { ...CALL, id: 'mine' })).toMatchObject({ version: 1 });
  });
});

/** `deleteExpiredTasks` for a store in which everything of `me` that ended is over. */
async function removeExpired(this: MapTaskStore): Promise<number> {
  const over = await this.listTasks({ owner: 'me', status: 'cancelled', limit: 100 });
  for (const { id, owner } of over) await this.deleteTask(id, owner);
  return over.length;
}

describe('every operation', () => {
  const operations: Readonly<Record<string, (owner: string, id: string) => Promise<unknown>>> = {
    get: (owner, id) => tasks.get(owner, id),
    update: (owner, id) => tasks.update(owner, id, { statusMessage: 'mine now' }),
    transition: (owner, id) => tasks.transition(owner, id, { to: 'input_required' }),
    cancel: (owner, id) => tasks.cancel(owner, id),
    complete: (owner, id) => tasks.complete(owner, id, RESULT),
    fail: (owner, id) => tasks.fail(owner, id, ERROR),
    requireInput: (owner, id) => tasks.requireInput(owner, id, { other: ASK }),
    answerInput: (owner, id) => tasks.answerInput(owner, id, { q: 1 }),
  };

  for (const [name, operation] of Object.entries(operations)) {
    it(`${name} says of a foreign task, and of one that is over, what it says of none`, async () => {
      const task = await tasks.create('["ann","acme"]', { ...CALL, id: 'it', ttlMs: 0 });
      const asking = await tasks.requireInput(task.owner, 'it', { q: ASK });
      const wanted = { code: 'not_found', message: 'there is no task it' };
      expect(await refusal(operation('nobody', 'it'))).toEqual(wanted);
      for (const owner of ['', 'ann', '["ann",null]', '["ANN","acme"]', '["ann","acme"] ']) {
        expect(await refusal(operation(owner, 'it'))).toEqual(wanted);
      }
      expect(await tasks.get(task.owner, 'it')).toEqual(asking);
      await tasks.cancel(task.owner, 'it');
      now += HOUR;
      expect(await refusal(operation(task.owner, 'it'))).toEqual(wanted);
      await tasks.delete(task.owner, 'it');
      expect(await refusal(operation(task.owner, 'it'))).toEqual(wanted);
    });

    it(`${name} refuses nobody where tasks belong to somebody`, async () => {
      tasks = serviceOf({ requireOwner: true });
      expect((await refusal(operation('', 'it'))).code).toBe('forbidden');
    });
  }

  it('refuses nobody when it creates, deletes or lists either', async () => {
    tasks = serviceOf({ requireOwner: true });
    const calls = [tasks.create('', CALL), tasks.delete('', 'it'), tasks.list('')];
    for (const call of calls) expect((await refusal(call)).code).toBe('forbidden');
    await tasks.create('me', CALL);
  });

  it('takes no id for a task that no task can have, and does not repeat it', async () => {
    const { code, message } = await refusal(tasks.get('me', `${'x'.repeat(500)}\n`));
    expect([code, message]).toEqual(['not_found', 'there is no task of that id']);
    await tasks.delete('me', '../../etc');
  });
});

describe('delete', () => {
  it('removes a task once, and is content when there is none', async () => {
    const task = await tasks.create('me', CALL);
    await tasks.delete('you', task.id);
    expect(await tasks.get('me', task.id)).toEqual(task);
    await tasks.delete('me', task.id);
    await tasks.delete('me', task.id);
    expect((await refusal(tasks.get('me', task.id))).code).toBe('not_found');
  });
});

describe('racing writers', () => {
  it('end a task once: completion and cancellation never overwrite each other', async () => {
    for (let round = 0; round < 20; round++) {
      const { id } = await tasks.create('me', CALL);
      const others = [tasks, serviceOf(), serviceOf()];
      const ends = await Promise.allSettled(
        others.flatMap((service) => [
          service.complete('me', id, RESULT),
          service.cancel('me', id),
          service.fail('me', id, ERROR),
        ]),
      );
      const won = ends.filter((end) => end.status === 'fulfilled');
      expect(won).toHaveLength(1);
      expect(await tasks.get('me', id)).toEqual((won[0] as PromiseFulfilledResult<Task>).value);
    }
  });

  it('lose no change: each is made to the record that the other left', async () => {
    const { id } = await tasks.create('me', CALL);
    const keys = Array.from({ length: 20 }, (_, n) => `k${n}`);
    await Promise.all(keys.map((key) => serviceOf().update('me', id, { metadata: { [key]: 1 } })));
    expect(Object.keys((await tasks.get('me', id)).metadata).sort()).toEqual(keys.sort());
  });

  it('answer each input once, and one of them goes back to work', async () => {
    const { id } = await tasks.create('me', CALL);
    await tasks.requireInput('me', id, { a: ASK, b: ASK });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => serviceOf().answerInput('me', id, { a: n, b: n })),
    );
    expect(answers.flatMap(({ accepted }) => accepted).sort()).toEqual(['a', 'b']);
    expect(await tasks.get('me', id)).toMatchObject({ status: 'working', version: 3 });
  });

  it('give up when a task never stands still', async () => {
    const { id } = await tasks.create('me', CALL);
    Object.assign(store, { updateTask: async () => false });
    const calls = [tasks.cancel('me', id), tasks.update('me', id, {})];
    for (const call of calls) expect((await refusal(call)).code).toBe('version_conflict');
    const again = new MapTaskStore();
    tasks = new Tasks(again);
    await tasks.create('me', { ...CALL, id });
    await tasks.requireInput('me', id, { q: ASK });
    Object.assign(again, { updateTask: async () => false });
    expect((await refusal(tasks.answerInput('me', id, { q: 1 }))).code).toBe('version_conflict');
  });
});

describe('a time to live', () => {
  it('is a day when nobody says otherwise, and at most 30 days', async () => {
    const day = 24 * HOUR;
    const asked = [undefined, 5, 30 * day, 31 * day, null];
    const ttls = await Promise.all(
      asked.map(async (ttlMs) => {
        const task = await tasks.create('me', { ...CALL, ...(ttlMs !== undefined && { ttlMs }) });
        return task.ttlMs;
      }),
    );
    expect(ttls).toEqual([day, 5, 30 * day, 30 * day, 30 * day]);
  });

  it('may be none where no limit is set', async () => {
    tasks = serviceOf({ maxTtlMs: null, defaultTtlMs: null });
    expect((await tasks.create('me', CALL)).ttlMs).toBeNull();
    expect((await tasks.create('me', { ...CALL, ttlMs: 1e12 })).ttlMs).toBe(1e12);
  });

  it('ends nothing that lives', async () => {
    const { id } = await tasks.create('me', { ...CALL, ttlMs: 1 });
    now += 1_000 * HOUR;
    expect(await tasks.cleanup()).toEqual({ failed: 0, deleted: 0 });
    expect(await tasks.complete('me', id, RESULT)).toMatchObject({ status: 'completed' });
    now += HOUR - 1;
    await tasks.get('me', id);
    now += 1;
    expect((await refusal(tasks.get('me', id))).code).toBe('not_found');
  });
});

describe('limits', () => {
  it('are told by name, with a way out', async () => {
    tasks = serviceOf({ maxTasksPerOwner: 2, maxPayloadBytes: 100 });
    const { id } = await tasks.create('me', CALL);
    await tasks.create('me', CALL);
    const many = await refusal(tasks.create('me', CALL));
    expect(many.code).toBe('limit_exceeded');
    expect(many.message).toMatch(/2 tasks.*delete some/);
    await tasks.create('you', CALL);
    const large = 'x'.repeat(90);
    const calls: Readonly<Record<string, Promise<unknown>>> = {
      arguments: tasks.create('you', { ...CALL, arguments: { large } }),
      metadata: tasks.update('me', id, { metadata: { large } }),
      statusMessage: tasks.update('me', id, { statusMessage: `${large}${large}` }),
      inputs: tasks.requireInput('me', id, { large: { large } }),
      outcome: tasks.complete('me', id, { large }),
    };
    for (const [name, call] of Object.entries(calls)) {
      const { code, message } = await refusal(call);
      expect(code).toBe('limit_exceeded');
      expect(message).toMatch(
        new RegExp(`^${name} of task \\S+ has \\d+ bytes, 100 are allowed: `),
      );
    }
    expect(await tasks.get('me', id)).toMatchObject({ status: 'working', version: 1 });
  });

  it('count bytes, not letters', async () => {
    tasks = serviceOf({ maxPayloadBytes: 100 });
    const { id } = await tasks.create('me', CALL);
    const call = tasks.complete('me', id, { text: '€'.repeat(30) });
    expect((await refusal(call)).code).toBe('limit_exceeded');
  });

  it('let no large answer in', async () => {
    tasks = serviceOf({ maxPayloadBytes: 200 });
    const { id } = await tasks.create('me', CALL);
    await tasks.requireInput('me', id, { q: ASK });
    const call = tasks.answerInput('me', id, { q: 'x'.repeat(200) });
    expect((await refusal(call)).code).toBe('limit_exceeded');
    expect((await tasks.answerInput('me', id, { q: 'x' })).accepted).toEqual(['q']);
  });
});

describe('what callers bring', () => {
  it('must be JSON', async () => {
    const circle: Record<string, unknown> = {};
    circle.circle = circle;
    for (const wrong of [circle, { big: 1n }]) {
      const call = tasks.create('me', { ...CALL, arguments: wrong as JsonObject });
      expect((await refusal(call)).code).toBe('invalid_input');
    }
  });

  it('is copied: nobody outside changes what is inside', async () => {
    const result = { content: [{ text: 'done' }] };
    const { id } = await tasks.create('me', CALL);
    const over = await tasks.complete('me', id, result);
    result.content.push({ text: 'spoilt' });
    expect(over.outcome).toEqual({ kind: 'result', result: { content: [{ text: 'done' }] } });
  });
});

describe('list', () => {
  it('pages through what an owner has, newest first, without what is over', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) {
      now += 1;
      const { id } = await tasks.create('me', {
        ...CALL,
        id: `t${n}`,
        ttlMs: n % 3 === 0 ? 0 : 1e9,
      });
      await tasks.complete('me', id, RESULT);
      if (n % 3 !== 0) ids.unshift(id);
    }
    await tasks.create('you', CALL);
    now += HOUR;
    for (const limit of [1, 3, 4, 8, 9]) {
      const pages: string[][] = [];
      let cursor: string | null = null;
      do {
        const page = await tasks.list('me', { limit, ...(cursor !== null && { cursor }) });
        pages.push(page.tasks.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(pages.flat()).toEqual(ids);
      expect(pages).toHaveLength(Math.ceil(8 / limit));
    }
  });

  it('lists one status', async () => {
    const done = await tasks.create('me', CALL);
    await tasks.create('me', CALL);
    await tasks.complete('me', done.id, RESULT);
    const { tasks: found, nextCursor } = await tasks.list('me', { status: 'completed' });
    expect(found.map(({ id }) => id)).toEqual([done.id]);
    expect(nextCursor).toBeNull();
  });

  it('refuses a limit and a cursor that are none', async () => {
    const wrong = [{ limit: 0 }, { limit: 1_001 }, { limit: 1.5 }, { cursor: '' }, { cursor: 'x' }];
    for (const listing of wrong) {
      expect((await refusal(tasks.list('me', listing))).code).toBe('invalid_input');
    }
  });
});

describe('cleanup', () => {
  it('fails what lived too long, of every owner, so that everybody sees it', async () => {
    tasks = serviceOf({ maxLifetimeMs: HOUR });
    const heard: TaskTransition[] = [];
    tasks.onTransition((transition) => heard.push(transition));
    const old = await tasks.create('me', CALL);
    const asking = await tasks.create('you', CALL);
    await tasks.requireInput('you', asking.id, { q: ASK });
    for (let n = 0; n < 250; n++) await tasks.create('many', CALL);
    now += 1;
    const young = await tasks.create('me', CALL);
    now += HOUR - 1;
    expect(await tasks.cleanup()).toEqual({ failed: 252, deleted: 0 });
    const failed = await tasks.get('me', old.id);
    expect(failed).toMatchObject({
      status: 'failed',
      statusMessage: 'it lived longer than 3600000 ms, the limit: it was given up',
      outcome: { kind: 'error', error: { code: -32_603 } },
    });
    expect((await tasks.get('you', asking.id)).status).toBe('failed');
    expect((await tasks.get('me', young.id)).status).toBe('working');
    expect(heard.filter(({ task }) => task.status === 'failed')).toHaveLength(252);
    expect((await tasks.cleanup()).failed).toBe(0);
  });

  it('is a sweep for a janitor', async () => {
    const left = [100, 40];
    Object.assign(store, { deleteExpiredTasks: async () => left.shift() ?? 0 });
    expect(tasks.sweep.name).toBe('expired tasks');
    expect(await tasks.sweep.sweep(now)).toBe(140);
  });
});

describe('onTransition', () => {
  it('tells of every transition after it is committed, and of nothing else', async () => {
    const heard: string[] = [];
    const stop = tasks.onTransition(({ from, task }) => heard.push(`${from} ${task.status}`));
    const { id } = await tasks.create('me', CALL);
    await tasks.update('me', id, { statusMessage: '1/2' });
    await tasks.requireInput('me', id, { a: ASK, b: ASK });
    await tasks.answerInput('me', id, { a: 1 });
    await tasks.answerInput('me', id, { b: 1 });
    await tasks.transition('me', id, { to: 'input_required' }, 'well?');
    stop();
    await tasks.cancel('me', id);
    expect(heard).toEqual([
      'working input_required',
      'input_required working',
      'working input_required',
    ]);
  });

  it('lets no listener harm another, or the call', async () => {
    const said: string[] = [];
    const say = (message: string) => said.push(message);
    const logger: Logger = { debug: say, info: say, warn: say, error: say };
    tasks = serviceOf({ logger });
    const heard: string[] = [];
    tasks.onTransition(() => {
      throw new Error('thrown');
    });
    tasks.onTransition(async () => {
      throw new Error('rejected');
    });
    tasks.onTransition(({ task }) => heard.push(task.status));
    const { id } = await tasks.create('me', CALL);
    expect((await tasks.complete('me', id, RESULT)).status).toBe('completed');
    await Promise.resolve();
    expect(heard).toEqual(['completed']);
    expect(said).toEqual([
      'a listener of task transitions failed',
      'a listener of task transitions failed',
    ]);
  });
});

describe('cancel', () => {
  it('has the store stop the work, and stays what it is when that fails', async () => {
    const said: string[] = [];
    const say = (message: string) => said.push(message);
    tasks = serviceOf({ logger: { debug: say, info: say, warn: say, error: say } });
    const stopped: string[] = [];
    Object.assign(store, {
      async cancelTask(task: Task) {
        stopped.push(`${task.id} ${task.status}`);
        throw new Error('the queue is away');
      },
    });
    const { id } = await tasks.create('me', CALL);
    expect(await tasks.cancel('me', id, 'no more needed')).toMatchObject({
      status: 'cancelled',
      statusMessage: 'no more needed',
      outcome: { kind: 'cancelled' },
    });
    expect(stopped).toEqual([`${id} cancelled`]);
    expect(said).toEqual(['the work of a cancelled task could not be stopped']);
    expect((await refusal(tasks.cancel('me', id))).code).toBe('illegal_transition');
    expect(stopped).toHaveLength(1);
  });
});
