-- FlowStore.createFlow. Answers with the kind and the flow that has the id or key; `no_queue` when the queue does not
-- exist. p_held_since: see `Idempotency.heldSince`. Of arrays that lie side by side one that says nothing is empty: p_ids to
-- p_needs are of the tasks; p_executors to p_timeout_ms of what many tasks have in common, p_sorts which of them each has.
-- p_runner: one with a standing claim that has room for all that is ready, or null. It is given that if it may run the flow,
-- without a limit, and if nothing else at all is ready, so that nobody's turn is passed over; it looks as if a tick of it had
-- followed. Then flow_key is told, and held: what holds it. p_tick, p_able, p_served, p_reuse: see advance, of which the
-- second is p_executors and the third p_queues.
create function @create_flow(p_id text, p_owner text, p_queue text, p_fail_fast boolean, p_created_at double precision,
    p_ttl_ms double precision, p_idempotency_key text, p_spec_hash text, p_held_since double precision, p_ids text[],
    p_sorts integer[], p_open integer[], p_holds integer[], p_dependents text[], p_configs text[], p_inputs text[],
    p_needs text[], p_executors text[], p_priorities double precision[], p_rules smallint[], p_allow_failure boolean[],
    p_retries double precision[], p_backoff_ms double precision[], p_max_backoff_ms double precision[],
    p_timeout_ms double precision[], p_runner text, p_tick integer, p_able text[], p_served text[], p_reuse bigint)
  returns table (kind text, flow_id text, flow_key double precision, held double precision) language plpgsql
as $$
declare
  v_queue integer;
  v_is_open boolean;
  v_runner integer;
  v_rev integer := 1;
  v_held bigint;
  v_flow bigint;
  v_lanes integer[];
  v_total integer := cardinality(p_ids);
  v_ready integer := cardinality(array_positions(p_open, 0));
begin
  loop
    if p_idempotency_key is not null then
      return query select case when f.spec_hash = p_spec_hash then 'existing' else 'conflict' end, f.id, null::float8,
          null::float8
        from @flow f where f.owner = p_owner and f.idempotency_key = p_idempotency_key
          and (p_held_since is null or f.created_at >= p_held_since and f.state not in (2, 3));
      if found then return; end if;
    end if;
    select q.key, q.concurrency is null and not q.paused into v_queue, v_is_open from @queue q where q.name = p_queue;
    if not found then
      return query select 'no_queue', p_id, null::float8, null::float8;
      return;
    end if;
    if p_runner is not null then
      select r.key into v_runner from @runner r
        where r.id = p_runner and r.presence + 0 = 2
          and v_is_open and arraycontained(p_executors, p_able) and (p_served is null or p_queue = any(p_served))
          and not exists (select 1 from @ready_task w where w.lane_key > 0)
        for key share;
      v_rev := case when v_runner is null then 1 else 2 end;
    end if;
    if p_held_since is not null then
      update @flow f set idempotency_key = null
        where f.owner = p_owner and f.idempotency_key = p_idempotency_key
          and (f.created_at < p_held_since or f.state in (2, 3));
    end if;
    insert into @flow (id, owner, queue_key, state, rev, task_count, blocked, delayed, ready, running, waiting,
        succeeded, failed, cancelled, skipped, fatal_count, fail_fast, created_at, ttl_ms, ended_at,
        idempotency_key, spec_hash)
      values (p_id, p_owner, v_queue, (v_total = 0)::integer, v_rev, v_total, v_total - v_ready, 0,
        case v_rev when 1 then v_ready else 0 end, case v_rev when 1 then 0 else v_ready end, 0,
        0, 0, 0, 0, 0, p_fail_fast, p_created_at, p_ttl_ms, case when v_total = 0 then p_created_at end, p_idempotency_key,
        p_spec_hash)
      on conflict do nothing returning key into v_flow;
    exit when v_flow is not null;
    return query select 'conflict', f.id, null::float8, null::float8 from @flow f where f.id = p_id;
    if found then return; end if;
  end loop;
  loop
    v_lanes := array(
      select (select l.key from @lane l where l.queue_key = v_queue and l.executor = x.executor)
      from unnest(p_executors) as x(executor));
    exit when array_position(v_lanes, null) is null;
    insert into @lane (queue_key, executor)
      select v_queue, x.executor from (select distinct executor from unnest(p_executors) as executor) x
      where not exists (select 1 from @lane l where l.queue_key = v_queue and l.executor = x.executor)
      order by x.executor
      on conflict do nothing;
  end loop;
  insert into @flow_task (key, flow_key, id, lane_key, state, priority, open, failed, skipped, holds, rule,
      allow_failure, attempt, fence, rev, dependents, runner_key, tick, started_at)
    select (v_flow << 20) + x.i - 1, v_flow, x.id, v_lanes[x.sort],
      case x.open when 0 then 2 + x.given else 0 end, p_priorities[x.sort], x.open, 0, 0, coalesce(x.holds, 0),
      p_rules[x.sort], p_allow_failure[x.sort], x.given, x.given, x.given + 1, x.dependents::integer[],
      case x.given when 1 then v_runner end, case x.given when 1 then p_tick end, case x.given when 1 then p_created_at end
    from (
      select *, case open when 0 then v_rev - 1 else 0 end as given
      from unnest(p_ids, p_sorts, p_open, p_holds, p_dependents) with ordinality as u(id, sort, open, holds, dependents, i)
    ) x;
  insert into @flow_task_spec (task_key, config, input, needs, retries, backoff_ms, max_backoff_ms, timeout_ms)
    select (v_flow << 20) + x.i - 1, x.config, x.input, x.needs, p_retries[x.sort], p_backoff_ms[x.sort],
      p_max_backoff_ms[x.sort], p_timeout_ms[x.sort]
    from unnest(p_sorts, p_configs, p_inputs, p_needs) with ordinality as x(sort, config, input, needs, i);
  if v_runner is null then
    insert into @ready_task (lane_key, priority, task_key)
      select v_lanes[x.sort], p_priorities[x.sort], (v_flow << 20) + x.i - 1
      from unnest(p_sorts, p_open) with ordinality as x(sort, open, i) where x.open = 0;
    return query select 'created', p_id, null::float8, null::float8;
    return;
  end if;
  v_held := @hold(v_runner, array(select (v_flow << 20) + i - 1 from unnest(array_positions(p_open, 0)) as i), p_reuse);
  return query select 'created', p_id, v_flow::float8, v_held::float8;
end $$;
--> statement-breakpoint

-- FlowStore.cancelFlow; no row when that changes nothing.
create function @cancel_flow(p_id text, p_owner text, p_now double precision)
  returns table (flow_id text, flow_rev integer, flow_ended boolean) language plpgsql
as $$
declare
  v_flow bigint;
  v_rev integer;
  v_state integer;
begin
  select f.key, f.rev + 1, f.state into v_flow, v_rev, v_state from @flow f
    where f.id = p_id and f.owner = p_owner for no key update;
  if not found or v_state <> 0 then return; end if;
  return query select c.flow_id, c.flow_rev, c.flow_ended from @close_flows(
    @cancel_rest(array[v_flow], array[v_rev], array[v_flow], p_now), array[v_flow], 3, p_now) c;
end $$;
--> statement-breakpoint

-- FlowStore.addHold: the ids of the tasks that it put a hold on.
create function @add_hold(p_flow_id text, p_task_ids text[])
  returns setof text language plpgsql
as $$
declare
  v_flow bigint;
begin
  select f.key into v_flow from @flow f where f.id = p_flow_id for no key update;
  return query update @flow_task t set holds = t.holds + 1, open = t.open + 1
    where t.flow_key = v_flow and t.state = 0
      and t.id = any(p_task_ids)
    returning t.id;
end $$;
--> statement-breakpoint

-- FlowStore.removeHold. Rows: `released` with a task's id, `changed` with a flow; or `without` with the id of a task
-- that has no hold, when nothing was done.
create function @remove_hold(p_flow_id text, p_task_ids text[], p_now double precision)
  returns table (kind text, id text, flow_rev integer, flow_ended boolean) language plpgsql
as $$
declare
  v_flow bigint;
  v_rev integer;
  v_keys bigint[];
  v_told record;
  v_after record;
begin
  select f.key, f.rev + 1 into v_flow, v_rev from @flow f where f.id = p_flow_id for no key update;
  select array_agg(t.key) into v_keys from @flow_task t
    where t.flow_key = v_flow and t.state = 0
      and t.id = any(p_task_ids);
  if v_keys is null then return; end if;
  return query select 'without', t.id, null::integer, null::boolean
    from @flow_task t where t.key = any(v_keys) and t.holds = 0 limit 1;
  if found then return; end if;
  return query update @flow_task t set holds = t.holds - 1 where t.key = any(v_keys)
    returning 'released', t.id, null::integer, null::boolean;
  v_told := @tell(array[v_flow], array[v_rev], v_keys, '{}', p_now);
  v_after := @propagate(array[v_flow], array[v_rev], v_told.skipped, p_now);
  perform @list_ready(v_told.ready || v_after.ready, v_told.lanes || v_after.lanes, v_told.priorities || v_after.priorities);
  return query select 'changed', c.flow_id, c.flow_rev, c.flow_ended
    from @close_flows(v_told.moves || v_after.moves, '{}', 0, p_now) c;
end $$;
