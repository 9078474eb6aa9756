import {
  type ClaimedAttempt,
  type CreateFlowResult,
  type NewFlow,
  type NewFlowTask,
  type RunnerId,
  TaskedError,
} from '@tasked/core';
import { RULE } from '../encoding/codes.ts';
import { type EncodedTask, encodeTasks } from '../encoding/encoded-task.ts';
import { type Element, unlessSilent } from './array-literal.ts';
import type { Claims } from './claims.ts';
import type { Parameter } from './database.ts';
import { countFirst, firstAttempts } from './given-attempts.ts';
import type { Offer } from './standing-claims.ts';

interface Answer {
  readonly kind: CreateFlowResult['kind'] | 'no_queue';
  readonly flow_id: string;
  /** Where the flow stands, and what holds that with which it begins; null when nobody was given it. */
  readonly flow_key: number | null;
  readonly held: number | null;
}

/** What came of a creation, and whether a runner of this store was given all that the flow begins with. */
export interface Created {
  readonly result: CreateFlowResult;
  readonly isGiven: boolean;
}

/** A flow that is being created. */
interface Creation {
  readonly flow: NewFlow;
  readonly tasks: readonly EncodedTask[];
}

/** `FlowStore.createFlow`: one call of the function `create_flow`, which also fulfils standing claims. */
export class Creating {
  readonly #claims: Claims;

  constructor(claims: Claims) {
    this.#claims = claims;
  }

  async create(flow: NewFlow): Promise<Created> {
    const tasks = encodeTasks(flow.tasks);
    const first = countFirst(tasks);
    const offer = first === 0 ? null : this.#claims.standing.offer(first);
    if (offer !== null) return this.#createAndGive({ flow, tasks }, offer);
    const answer = await this.#call({ flow, tasks }, NOBODY);
    return { result: resultOf(answer, flow), isGiven: false };
  }

  async #createAndGive(creation: Creation, offer: Offer): Promise<Created> {
    const { standing, held, unanswered } = this.#claims;
    const { runnerId, claim } = offer;
    const number = unanswered.number();
    const reuse = held.takeOne(runnerId);
    let given: readonly ClaimedAttempt[] = [];
    try {
      const { executors, queues = null } = claim;
      const answer = await this.#call(creation, [runnerId, number, executors, queues, reuse]);
      const result = resultOf(answer, creation.flow);
      given = this.#given(creation, answer, runnerId);
      if (reuse !== null && answer.held !== reuse) held.putBack(runnerId, reuse);
      return { result, isGiven: given.length > 0 };
    } catch (error) {
      unanswered.failed(runnerId, number, error);
      throw error;
    } finally {
      standing.answer(offer, given);
    }
  }

  #given(
    { flow, tasks }: Creation,
    { flow_key: flowKey, held }: Answer,
    runnerId: RunnerId,
  ): readonly ClaimedAttempt[] {
    if (flowKey === null || held === null) return [];
    const given = firstAttempts(flow, tasks, flowKey);
    this.#claims.held.claimed(runnerId, held, given.length);
    return given.map(({ key, attempt }) => {
      this.#claims.tasks.remember(attempt.ref, { key, limitedQueue: null, runnerId, held });
      return attempt;
    });
  }

  async #call({ flow, tasks }: Creation, claimant: readonly Parameter[]): Promise<Answer> {
    const columns = [...columnsOf(flow), ...taskColumnsOf(flow, tasks), ...claimant];
    const [answer] = await this.#claims.db.call<Answer>('create_flow', columns);
    return answer as Answer;
  }
}

/** Takes the place of who is given what a flow begins with: nobody. */
const NOBODY: readonly Parameter[] = [null, null, null, null, null];

/** Throws `not_found` for a queue that does not exist. */
function resultOf({ kind, flow_id: flowId }: Answer, { queue }: NewFlow): CreateFlowResult {
  if (kind !== 'no_queue') return { kind, flowId };
  throw new TaskedError('not_found', `there is no queue ${queue}: create it first`);
}

function columnsOf(flow: NewFlow): readonly Parameter[] {
  return [
    flow.id,
    flow.owner,
    flow.queue,
    flow.failFast,
    flow.createdAt,
    flow.ttlMs,
    flow.idempotency?.key ?? null,
    flow.idempotency?.specHash ?? null,
    flow.idempotency?.heldSince ?? null,
  ];
}

function taskColumnsOf(flow: NewFlow, tasks: readonly EncodedTask[]): readonly Parameter[] {
  const sorts = sortsOf(flow.tasks);
  const each = (column: (task: NewFlowTask) => Element) => sorts.examples.map(column);
  return [
    tasks.map(({ task }) => task.id),
    sorts.places,
    tasks.map(({ task }) => task.dependsOn.length + task.holds),
    unlessSilent(tasks.map(({ task }) => task.holds || null)),
    // An array within an array of PostgreSQL would be one of its dimensions.
    unlessSilent(tasks.map(({ dependents }) => dependents && `{${dependents.slice(1, -1)}}`)),
    tasks.map(({ config }) => config),
    tasks.map(({ input }) => input),
    unlessSilent(tasks.map(({ needs }) => needs)),
    each((task) => task.executor),
    each((task) => task.priority),
    each((task) => RULE[task.triggerRule]),
    each((task) => task.allowFailure),
    each((task) => task.retry.retries),
    each((task) => task.retry.backoffMs),
    each((task) => task.retry.maxBackoffMs),
    each((task) => task.timeoutMs),
  ];
}

/** What many tasks have in common is told once: a task of each sort, and by task the place of its sort, from 1. */
function sortsOf(tasks: readonly NewFlowTask[]) {
  const examples: NewFlowTask[] = [];
  const known = new Map<string, number>();
  const places = tasks.map((task) => {
    const { executor, priority, triggerRule, allowFailure, retry, timeoutMs } = task;
    const { retries, backoffMs, maxBackoffMs } = retry;
    const sort = `${priority} ${triggerRule} ${allowFailure} ${retries} ${backoffMs} ${maxBackoffMs} ${timeoutMs} ${executor}`;
    const place = known.get(sort) ?? examples.push(task);
    known.set(sort, place);
    return place;
  });
  return { examples, places };
}
