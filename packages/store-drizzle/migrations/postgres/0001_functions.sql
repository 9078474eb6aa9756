-- `@` before a name stands for the schema. No function sets its search path: that would have its plans checked anew
-- at every call.
--
-- A plan must be good whatever the statistics say, and stay so while tables grow from nothing to millions of rows. The
-- functions that are called from outside pin how PostgreSQL plans. Rows are joined by `>=` and `<=` instead of `=`, or
-- looked up by a scalar subquery: there is one way to do that, through the index, and no planner turns it round. What
-- could lead it to another index is written so that it does not (`presence + 0`).
-- What a tick of one task costs is the number of nodes in its plans: statements are few and plain.
--
-- Rows that change often leave room for their next versions beside them. No index of flow_task is on a column that
-- changes, so that no index is written with a new version; work_task and due_task are as long as there is work.
alter table @flow_task set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
alter table @flow set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
alter table @work_task set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
alter table @due_task set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
alter table @queue set (fillfactor = 10);
alter table @runner set (fillfactor = 10);
--> statement-breakpoint

-- A task's way from one state to another, as a number that tells its flow too. To 9 goes one that failed and was not
-- allowed to, beside its way to 6; from 15 to 15 goes one that only changes its rev.
create function @move(p_key bigint, p_was integer, p_now integer)
  returns bigint language sql immutable
as $$ select (p_key >> 20 << 8) + (p_was << 4) + p_now $$;
--> statement-breakpoint

-- `fate` of @tasked/core: 0 for a task that stays blocked, 2 for one that is ready, 8 and the code of its cause for one
-- that is skipped.
create function @fate(p_open integer, p_failed integer, p_skipped integer, p_rule smallint)
  returns smallint language sql immutable
as $$
  select case
    when p_open > 0 then 0
    when p_rule = 3 then 2
    when p_rule = 2 then case when p_failed > 0 then 2 else 10 end
    when p_failed > 0 then 8
    when p_rule = 0 and p_skipped > 0 then 9
    else 2
  end::smallint
$$;
--> statement-breakpoint

-- Takes open dependencies from tasks, an element of each array for one that succeeded (0), failed (1) or was skipped
-- (2). Tasks of which it was the last become ready, or are skipped. The flows MUST be locked.
create function @tell(p_keys bigint[], p_verdicts integer[], p_now double precision, out moves bigint[],
    out skipped bigint[])
  language plpgsql
as $$
begin
  with told as (
    update @flow_task t
    set open = t.open - e.n, failed = t.failed + e.bad, skipped = t.skipped + e.skip,
      state = least(8, @fate(t.open - e.n, t.failed + e.bad, t.skipped + e.skip, t.rule)),
      cause = nullif(greatest(7, @fate(t.open - e.n, t.failed + e.bad, t.skipped + e.skip, t.rule)), 7) - 8,
      ended_at = case when @fate(t.open - e.n, t.failed + e.bad, t.skipped + e.skip, t.rule) >= 8 then p_now end,
      rev = case when t.open > e.n then t.rev else (select f.rev + 1 from @flow f where f.key = t.flow_key) end
    from (
      select key, count(*)::integer as n, count(*) filter (where verdict = 1)::integer as bad,
        count(*) filter (where verdict = 2)::integer as skip
      from unnest(p_keys, p_verdicts) as x(key, verdict) group by key
    ) e
    where t.key >= e.key and t.key <= e.key and t.state = 0
    returning t.key, t.state, t.lane_key, t.priority
  ), listed as (
    insert into @work_task (lane_key, priority, task_key) select lane_key, priority, key from told where state = 2
  )
  select array_agg(@move(key, 0, state)) filter (where state <> 0), array_agg(key) filter (where state = 8)
  into moves, skipped from told;
end $$;
--> statement-breakpoint

-- Tells the dependents of tasks that have ended, and those of what is skipped by that. The flows MUST be locked.
create function @propagate(p_keys bigint[], p_now double precision)
  returns bigint[] language plpgsql
as $$
declare
  v_children bigint[];
  v_verdicts integer[];
  v_told record;
  v_moves bigint[];
begin
  while p_keys is not null loop
    select array_agg((t.flow_key << 20) + i), array_agg(case
        when t.state = 5 or t.state = 6 and t.allow_failure then 0 when t.state = 6 or t.cause = 0 then 1 else 2 end)
    into v_children, v_verdicts
    from unnest(p_keys) as x(key) join @flow_task t on t.key >= x.key and t.key <= x.key
      cross join unnest(t.dependents) as i;
    exit when v_children is null;
    v_told := @tell(v_children, v_verdicts, p_now);
    v_moves := v_moves || v_told.moves;
    p_keys := v_told.skipped;
  end loop;
  return v_moves;
end $$;
--> statement-breakpoint

-- Cancels every task of the flows that has not ended. The flows MUST be locked.
create function @cancel_rest(p_flows bigint[], p_now double precision)
  returns bigint[] language plpgsql
as $$
declare
  v_moves bigint[];
begin
  with rest as materialized (
    select t.key, t.flow_key, t.state, t.lane_key, t.priority, t.available_at, t.runner_key
    from unnest(p_flows) as x(key) join @flow_task t on t.key >= x.key << 20 and t.key < x.key + 1 << 20
    where t.state <= 4
  ), cancelled as (
    update @flow_task t
    set state = 7, ended_at = p_now, available_at = null, progress = null,
      rev = (select f.rev + 1 from @flow f where f.key = t.flow_key)
    from rest r where t.key >= r.key and t.key <= r.key
  ), unlisted as (
    delete from @work_task x where x.ctid = any(array(
      select (
        select w.ctid from @work_task w
        where w.runner_key is null and w.lane_key = r.lane_key and w.priority = r.priority and w.task_key = r.key
      ) from rest r where r.state = 2))
  ), undelayed as (
    delete from @due_task x where x.ctid = any(array(
      select (select d.ctid from @due_task d where d.available_at = r.available_at and d.task_key = r.key)
      from rest r where r.available_at is not null))
  ), stopping as (
    update @work_task x set cancelled = true where x.ctid = any(array(
      select (select w.ctid from @work_task w where w.runner_key = r.runner_key and w.task_key = r.key)
      from rest r where r.state = 3))
  )
  select array_agg(@move(key, state, 7)) into v_moves from rest;
  return v_moves;
end $$;
--> statement-breakpoint

-- The state of a flow: p_live of its tasks have not ended, p_fatal failed and were not allowed to.
create function @flow_state(p_was smallint, p_forced integer, p_live integer, p_fatal integer)
  returns smallint language sql immutable
as $$
  select case
    when p_was <> 0 then p_was
    when p_forced <> 0 then p_forced
    when p_live > 0 then 0
    when p_fatal > 0 then 2
    else 1
  end::smallint
$$;
--> statement-breakpoint

-- Writes what a transaction did to its flows: counts, one more rev, the end. p_ended: flows that end as p_ended_as
-- whatever their counts say.
create function @close_flows(p_moves bigint[], p_ended bigint[], p_ended_as integer, p_now double precision)
  returns table (flow_id text, flow_rev integer, flow_ended boolean) language plpgsql
as $$
begin
  return query with delta as (
    select x.flow_key, case when x.flow_key = any(p_ended) then p_ended_as else 0 end as forced,
      sum(case when x.now = 0 then x.n when x.was = 0 then -x.n else 0 end)::integer as blocked,
      sum(case when x.now = 1 then x.n when x.was = 1 then -x.n else 0 end)::integer as delayed,
      sum(case when x.now = 2 then x.n when x.was = 2 then -x.n else 0 end)::integer as ready,
      sum(case when x.now = 3 then x.n when x.was = 3 then -x.n else 0 end)::integer as running,
      sum(case when x.now = 4 then x.n when x.was = 4 then -x.n else 0 end)::integer as waiting,
      sum(case when x.now = 5 then x.n when x.was = 5 then -x.n else 0 end)::integer as succeeded,
      sum(case when x.now = 6 then x.n when x.was = 6 then -x.n else 0 end)::integer as failed,
      sum(case when x.now = 7 then x.n when x.was = 7 then -x.n else 0 end)::integer as cancelled,
      sum(case when x.now = 8 then x.n when x.was = 8 then -x.n else 0 end)::integer as skipped,
      sum(case when x.now = 9 then x.n when x.was = 9 then -x.n else 0 end)::integer as fatal,
      sum(case when x.now > 4 and x.now < 9 and x.was <= 4 then -x.n else 0 end)::integer as live
    from (
      select m >> 8 as flow_key, m >> 4 & 15 as was, m & 15 as now, count(*) as n from unnest(p_moves) as m group by m
    ) x group by x.flow_key
  )
  update @flow f
  set rev = f.rev + 1, fatal_count = f.fatal_count + d.fatal,
    state = @flow_state(f.state, d.forced, f.blocked + f.delayed + f.ready + f.running + f.waiting + d.live, f.fatal_count + d.fatal),
    ended_at = case when f.state = 0 and @flow_state(f.state, d.forced,
      f.blocked + f.delayed + f.ready + f.running + f.waiting + d.live, f.fatal_count + d.fatal) <> 0 then p_now else f.ended_at end,
    blocked = f.blocked + d.blocked, delayed = f.delayed + d.delayed, ready = f.ready + d.ready,
    running = f.running + d.running, waiting = f.waiting + d.waiting, succeeded = f.succeeded + d.succeeded,
    failed = f.failed + d.failed, cancelled = f.cancelled + d.cancelled, skipped = f.skipped + d.skipped
  from delta d where f.key >= d.flow_key and f.key <= d.flow_key
  returning f.id, f.rev, f.state <> 0;
end $$;
--> statement-breakpoint

-- FlowStore.createFlow. The arrays lie side by side, an element of each for every task. Answers with the kind and the
-- flow that has the id or key; `no_queue` when the queue does not exist. p_held_since: see `Idempotency.heldSince`.
create function @create_flow(p_id text, p_owner text, p_queue text, p_fail_fast boolean, p_created_at double precision,
    p_ttl_ms double precision, p_idempotency_key text, p_spec_hash text, p_held_since double precision, p_ids text[],
    p_executors text[], p_priorities double precision[], p_open integer[], p_holds integer[], p_rules smallint[],
    p_allow_failure boolean[], p_dependents text[],
    p_configs text[], p_inputs text[], p_needs text[], p_retries double precision[], p_backoff_ms double precision[],
    p_max_backoff_ms double precision[], p_timeout_ms double precision[])
  returns table (kind text, flow_id text) language plpgsql
as $$
declare
  v_queue integer;
  v_flow bigint;
  v_total integer := cardinality(p_ids);
  v_ready integer := cardinality(array_positions(p_open, 0));
begin
  loop
    if p_idempotency_key is not null then
      return query select case when f.spec_hash = p_spec_hash then 'existing' else 'conflict' end, f.id
        from @flow f where f.owner = p_owner and f.idempotency_key = p_idempotency_key
          and (p_held_since is null or f.created_at >= p_held_since and f.state not in (2, 3));
      if found then return; end if;
    end if;
    return query select 'conflict', f.id from @flow f where f.id = p_id;
    if found then return; end if;
    select q.key into v_queue from @queue q where q.name = p_queue;
    if not found then
      return query select 'no_queue', p_id;
      return;
    end if;
    if p_held_since is not null then
      update @flow f set idempotency_key = null
        where f.owner = p_owner and f.idempotency_key = p_idempotency_key
          and (f.created_at < p_held_since or f.state in (2, 3));
    end if;
    insert into @flow (id, owner, queue_key, state, rev, task_count, blocked, delayed, ready, running, waiting,
        succeeded, failed, cancelled, skipped, fatal_count, fail_fast, created_at, ttl_ms, ended_at,
        idempotency_key, spec_hash)
      values (p_id, p_owner, v_queue, (v_total = 0)::integer, 1, v_total, v_total - v_ready, 0, v_ready, 0, 0,
        0, 0, 0, 0, 0, p_fail_fast, p_created_at, p_ttl_ms, case when v_total = 0 then p_created_at end, p_idempotency_key,
        p_spec_hash)
      on conflict do nothing returning key into v_flow;
    exit when v_flow is not null;
  end loop;
  insert into @lane (queue_key, executor)
    select v_queue, x.executor from (select distinct executor from unnest(p_executors) as executor) x
    where not exists (select 1 from @lane l where l.queue_key = v_queue and l.executor = x.executor)
    order by x.executor
    on conflict do nothing;
  with task as materialized (
    select (v_flow << 20) + x.i - 1 as key, x.*,
      (select l.key from @lane l where l.queue_key = v_queue and l.executor = x.executor) as lane_key
    from unnest(p_ids, p_executors, p_priorities, p_open, p_holds, p_rules, p_allow_failure, p_dependents)
      with ordinality as x(id, executor, priority, open, holds, rule, allow_failure, dependents, i)
  ), listed as (
    insert into @work_task (lane_key, priority, task_key)
      select t.lane_key, t.priority, t.key from task t where t.open = 0
  )
  insert into @flow_task (key, flow_key, id, lane_key, state, priority, open, failed, skipped, holds, rule,
      allow_failure, attempt, fence, rev, dependents)
    select t.key, v_flow, t.id, t.lane_key, case when t.open = 0 then 2 else 0 end, t.priority, t.open, 0, 0, t.holds,
      t.rule, t.allow_failure, 0, 0, 1, t.dependents::integer[]
    from task t;
  insert into @flow_task_spec (task_key, config, input, needs, retries, backoff_ms, max_backoff_ms, timeout_ms)
    select (v_flow << 20) + x.i - 1, x.config, x.input, x.needs, x.retries, x.backoff_ms, x.max_backoff_ms, x.timeout_ms
    from unnest(p_configs, p_inputs, p_needs, p_retries, p_backoff_ms, p_max_backoff_ms, p_timeout_ms)
      with ordinality as x(config, input, needs, retries, backoff_ms, max_backoff_ms, timeout_ms, i);
  return query select 'created', p_id;
end $$;
--> statement-breakpoint

-- FlowStore.cancelFlow; no row when that changes nothing.
create function @cancel_flow(p_id text, p_owner text, p_now double precision)
  returns table (flow_id text, flow_rev integer, flow_ended boolean) language plpgsql
as $$
declare
  v_flow bigint;
  v_state integer;
begin
  select f.key, f.state into v_flow, v_state from @flow f where f.id = p_id and f.owner = p_owner for no key update;
  if not found or v_state <> 0 then return; end if;
  return query select * from @close_flows(@cancel_rest(array[v_flow], p_now), array[v_flow], 3, p_now);
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
  v_keys bigint[];
  v_told record;
  v_moves bigint[];
begin
  select f.key into v_flow from @flow f where f.id = p_flow_id for no key update;
  select array_agg(t.key) into v_keys from @flow_task t
    where t.flow_key = v_flow and t.state = 0
      and t.id = any(p_task_ids);
  if v_keys is null then return; end if;
  return query select 'without', t.id, null::integer, null::boolean
    from @flow_task t where t.key = any(v_keys) and t.holds = 0 limit 1;
  if found then return; end if;
  return query update @flow_task t set holds = t.holds - 1 where t.key = any(v_keys)
    returning 'released', t.id, null::integer, null::boolean;
  v_told := @tell(v_keys, array_fill(0, array[cardinality(v_keys)]), p_now);
  v_moves := v_told.moves || @propagate(v_told.skipped, p_now);
  return query select 'changed', c.* from @close_flows(v_moves, '{}', 0, p_now) c;
end $$;
--> statement-breakpoint

-- The runner runs nothing more: it is forgotten once it holds nothing, and until then to be taken over.
create function @leave_runner(p_runner integer)
  returns void language plpgsql
as $$
begin
  update @runner r
  set presence = exists (
    select 1 from @work_task w where w.runner_key = p_runner
  )::integer
  where r.key = p_runner and r.presence > 0;
end $$;
--> statement-breakpoint

-- WorkStore.unregisterRunner. The lock waits for a tick of the runner that is under way.
create function @unregister_runner(p_id text)
  returns void language plpgsql
as $$
declare
  v_runner integer;
begin
  select r.key into v_runner from @runner r where r.id = p_id for update;
  if found then perform @leave_runner(v_runner); end if;
end $$;
--> statement-breakpoint

-- WorkStore.takeOver. Rows: `taken`, `changed` with a flow, or one `stranger` when p_by is not registered.
create function @take_over(p_dead text, p_by text, p_limit integer, p_now double precision)
  returns table (kind text, flow_id text, task_id text, lost_fence integer, attempt_no integer, executor text,
    config text, retries double precision, backoff_ms double precision, max_backoff_ms double precision,
    cancelled boolean, flow_rev integer, flow_ended boolean) language plpgsql
as $$
#variable_conflict use_column
declare
  v_by integer;
  v_dead integer;
  v_keys bigint[];
  v_touched bigint[];
begin
  perform 1 from @runner r where r.id in (p_dead, p_by) order by r.key for update;
  select r.key into v_by from @runner r where r.id = p_by and r.presence = 2;
  if not found then
    return query select 'stranger', null::text, null::text, null::integer, null::integer, null::text, null::text,
      null::double precision, null::double precision, null::double precision, null::boolean, null::integer, null::boolean;
    return;
  end if;
  select r.key into v_dead from @runner r where r.id = p_dead and r.presence > 0;
  if not found or v_dead = v_by then return; end if;
  v_keys := array(select w.task_key from @work_task w where w.runner_key = v_dead order by w.task_key limit p_limit);
  perform 1 from @flow f where f.key = any(array(select distinct k >> 20 from unnest(v_keys) k)) order by f.key for no key update;
  update @work_task x set runner_key = v_by where x.ctid = any(array(
    select (select w.ctid from @work_task w where w.runner_key = v_dead and w.task_key = k) from unnest(v_keys) as k));
  insert into @attempt (task_key, fence, runner_key, started_at, ended_at, attempt_end)
    select t.key, t.fence, v_dead, t.started_at, p_now, 6
    from unnest(v_keys) as x(key) join @flow_task t on t.key >= x.key and t.key <= x.key
    where t.runner_key = v_dead and t.attempt_end is null;
  return query with taken as (
    update @flow_task t
    set fence = t.fence + 1, runner_key = v_by, tick = null, progress = null,
      rev = case when t.state = 7 then t.rev else f.rev + 1 end
    from unnest(v_keys) as x(key) join @flow f on f.key >= x.key >> 20 and f.key <= x.key >> 20
    where t.key >= x.key and t.key <= x.key and t.runner_key = v_dead and t.attempt_end is null
    returning t.key, f.id as flow_id, t.id, t.fence, t.attempt, t.lane_key, t.state
  )
  select 'taken', t.flow_id, t.id, t.fence - 1, t.attempt, (select l.executor from @lane l where l.key = t.lane_key),
    s.config, s.retries, s.backoff_ms, s.max_backoff_ms, t.state = 7, null::integer, null::boolean
  from taken t join @flow_task_spec s on s.task_key >= t.key and s.task_key <= t.key;
  v_touched := array(
    select @move(t.key, 15, 15)
    from unnest(v_keys) as x(key) join @flow_task t on t.key >= x.key and t.key <= x.key
    where t.runner_key = v_by and t.state <> 7);
  return query select 'changed', c.flow_id, null::text, null::integer, null::integer, null::text, null::text,
      null::double precision, null::double precision, null::double precision, null::boolean, c.flow_rev, c.flow_ended
    from @close_flows(v_touched, '{}', 0, p_now) c;
  perform @leave_runner(v_dead);
end $$;
--> statement-breakpoint

-- Archives the attempts of tasks that are to have a further one, and lists what is ready or has a time.
create function @put_back(p_keys bigint[])
  returns void language plpgsql
as $$
begin
  with task as materialized (
    select t.* from unnest(p_keys) as x(key) join @flow_task t on t.key >= x.key and t.key <= x.key
  ), archived as (
    insert into @attempt (task_key, fence, runner_key, started_at, ended_at, attempt_end, failure)
      select key, fence, runner_key, started_at, attempt_ended_at, attempt_end, case when attempt_end = 2 then failure end
      from task
  ), delayed as (
    insert into @due_task (available_at, task_key) select available_at, key from task where available_at is not null
  )
  insert into @work_task (lane_key, priority, task_key) select lane_key, priority, key from task where state = 2;
end $$;
--> statement-breakpoint

-- Makes tasks ready that are delayed or wait. The flows MUST be locked.
create function @make_ready(p_keys bigint[])
  returns bigint[] language plpgsql
as $$
declare
  v_moves bigint[];
begin
  select array_agg(@move(t.key, t.state, 2)) into v_moves
  from unnest(p_keys) as x(key) join @flow_task t on t.key >= x.key and t.key <= x.key;
  delete from @due_task x where x.ctid = any(array(
    select (select d.ctid from @due_task d where d.available_at = t.available_at and d.task_key = t.key)
    from unnest(p_keys) as x(key) join @flow_task t on t.key >= x.key and t.key <= x.key));
  with ready as (
    update @flow_task t
    set state = 2, available_at = null, rev = (select f.rev + 1 from @flow f where f.key = t.flow_key)
    from unnest(p_keys) as x(key) where t.key >= x.key and t.key <= x.key
    returning t.key, t.lane_key, t.priority
  )
  insert into @work_task (lane_key, priority, task_key) select lane_key, priority, key from ready;
  return v_moves;
end $$;
--> statement-breakpoint

-- What earlier attempts of a task left, as JSON: everything that it asked for, with the answers, and what was saved. Null
-- when that is nothing.
create function @resume_of(p_task bigint)
  returns text language plpgsql stable
as $$
begin
  return (select case when a.asked is not null or s.json is not null
    then json_build_object('asked', a.asked, 'saved', s.json)::text end
  from (
    select json_agg(json_build_array(i.key, i.answer) order by i.number) as asked from @input i where i.task_key = p_task
  ) a left join @saved s on s.task_key = p_task);
end $$;
--> statement-breakpoint

-- Lets tasks that wait now ask for what they have not asked for before; one that is left without a question is ready.
-- p_asks: a JSON array of settlements by place, each with keys and requests. p_accepted: the places that count.
create function @ask(p_asks text, p_keys bigint[], p_accepted bigint[])
  returns bigint[] language plpgsql
as $$
declare
  v_idle bigint[];
begin
  with asked as (
    insert into @input (task_key, number, key, request, is_open)
      select a.task_key, a.before + row_number() over (partition by a.task_key order by a.i) - 1, a.key, a.request, true
      from (
        select p_keys[x.n] as task_key, r.i, r.pair ->> 0 as key, r.pair ->> 1 as request,
          (select count(*) from @input p where p.task_key = p_keys[x.n]) as before
        from json_to_recordset(p_asks::json) as x(n integer, k json)
          cross join json_array_elements(x.k) with ordinality as r(pair, i)
        where x.n = any(p_accepted)
      ) a
      where not exists (select 1 from @input p where p.task_key = a.task_key and p.key = a.key)
      returning task_key
  )
  update @flow f set input_count = f.input_count + x.n
    from (select a.task_key >> 20 as flow_key, count(*)::integer as n from asked a group by 1) x
    where f.key >= x.flow_key and f.key <= x.flow_key;
  v_idle := array(
    select p_keys[x.n] from json_to_recordset(p_asks::json) as x(n integer)
    where x.n = any(p_accepted) and not exists (select 1 from @input p where p.task_key = p_keys[x.n] and p.is_open));
  update @flow_task t set state = 2, available_at = null from unnest(v_idle) as x(key)
    where t.key >= x.key and t.key <= x.key;
  return array(select @move(k, 4, 2) from unnest(v_idle) as k);
end $$;
--> statement-breakpoint

-- FlowStore.answerInputs. p_answers: a JSON array. Rows: `accepted` or `refused` with the answer's place in p_answers,
-- `changed` with the flow, or one `stranger` when there is no such flow for that owner.
create function @answer_inputs(p_flow_id text, p_owner text, p_answers text, p_now double precision)
  returns table (kind text, place integer, why text, flow_rev integer, flow_ended boolean) language plpgsql
as $$
declare
  v_flow bigint;
  v_rev integer;
  v_places integer[];
  v_whys text[];
  v_tasks bigint[];
  v_moves bigint[];
begin
  select f.key, f.rev + 1 into v_flow, v_rev from @flow f where f.id = p_flow_id and f.owner = p_owner for no key update;
  if not found then
    return query select 'stranger', null::integer, null::text, null::integer, null::boolean;
    return;
  end if;
  with judged as materialized (
    select x.n, x.a, i.task_key, i.number, case
        when i.number is null then 'unknown'
        when i.answer is not null then 'answered'
        when not i.is_open or t.state <> 4 then 'closed'
        when row_number() over (partition by i.task_key, i.number order by x.n) > 1 then 'answered'
      end as why
    from json_to_recordset(p_answers::json) as x(n integer, t text, k text, a text)
      left join @flow_task t on t.flow_key = v_flow and t.id = x.t
      left join @input i on i.task_key = t.key and i.key = x.k
  ), answered as (
    update @input i set answer = j.a, is_open = false
    from judged j where j.why is null and i.task_key = j.task_key and i.number = j.number
  )
  select array_agg(j.n order by j.n), array_agg(j.why order by j.n), array_agg(distinct j.task_key) filter (where j.why is null)
  into v_places, v_whys, v_tasks from judged j;
  return query select case when x.why is null then 'accepted' else 'refused' end, x.n, x.why, null::integer, null::boolean
    from unnest(v_places, v_whys) as x(n, why);
  if v_tasks is null then return; end if;
  update @flow_task t set rev = v_rev from unnest(v_tasks) as x(key) where t.key >= x.key and t.key <= x.key;
  v_moves := @make_ready(array(
    select k from unnest(v_tasks) as k where not exists (select 1 from @input i where i.task_key = k and i.is_open)));
  return query select 'changed', null::integer, null::text, c.flow_rev, c.flow_ended
    from @close_flows(v_moves || @move(v_flow << 20, 15, 15), '{}', 0, p_now) c;
end $$;
--> statement-breakpoint

-- WorkStore.report: no row when the attempt does not run; else one, with the flow's rev when that has changed.
create function @report(p_flow_id text, p_task_id text, p_fence integer, p_saved text, p_progress text)
  returns table (flow_rev integer) language plpgsql
as $$
declare
  v_flow bigint;
  v_rev integer;
  v_task bigint;
begin
  select f.key, f.rev + 1 into v_flow, v_rev from @flow f where f.id = p_flow_id for no key update;
  select t.key into v_task from @flow_task t
    where t.flow_key = v_flow and t.id = p_task_id and t.fence = p_fence and t.state = 3;
  if not found then return; end if;
  if p_saved is not null then
    insert into @saved as s (task_key, json) values (v_task, p_saved)
      on conflict (task_key) do update set json = excluded.json;
  end if;
  if p_progress is not null then
    update @flow_task t set progress = p_progress, rev = v_rev where t.key = v_task;
    update @flow f set rev = v_rev where f.key = v_flow;
  end if;
  return query select case when p_progress is not null then v_rev end;
end $$;
--> statement-breakpoint

-- Ends attempts that p_runner holds, and lets everything follow that is decided by that. The arrays lie side by side;
-- p_queues: the queue of the task, if that has a limit; p_ends: codes of END; p_unspent: the attempt does not count;
-- p_asks: see ask. settled: the tasks that it was done for; accepted: the places of those that had not been cancelled.
-- freed: a limited queue for every slot. ended: flows that a failure ended at once. The runner and the flows MUST be
-- locked.
create function @settle(p_runner integer, p_now double precision, p_keys bigint[], p_fences integer[],
    p_queues integer[], p_ends smallint[], p_outputs text[], p_failures text[], p_available_at double precision[],
    p_unspent boolean[], p_asks text, out settled bigint[], out accepted bigint[], out freed integer[],
    out moves bigint[], out ended bigint[])
  language plpgsql
as $$
declare
  v_ended bigint[];
  v_again bigint[];
  v_fatal bigint[];
begin
  with done as (
    update @flow_task t
    set state = case when t.state = 7 then 7 else (array[5, 6, 1, 1, 2, null, null, 4])[g.end_as + 1] end,
      attempt = case when g.unspent and t.state <> 7 then t.attempt - 1 else t.attempt end,
      attempt_end = case when t.state = 7 then 5 else g.end_as end, attempt_ended_at = p_now, progress = null,
      available_at = case when t.state <> 7 then g.available_at end,
      failure = case
        when t.state = 7 then t.failure
        when g.end_as = 0 then null
        else coalesce(g.failure, t.failure)
      end,
      ended_at = case when g.end_as < 2 and t.state <> 7 then p_now else t.ended_at end,
      rev = case when t.state = 7 then t.rev else (select f.rev + 1 from @flow f where f.key = t.flow_key) end
    from unnest(p_keys, p_fences, p_queues, p_ends, p_outputs, p_failures, p_available_at, p_unspent) with ordinality
      as g(key, fence, queue_key, end_as, output, failure, available_at, unspent, n)
    where t.key >= g.key and t.key <= g.key and t.runner_key = p_runner and t.fence = g.fence and t.attempt_end is null
      and (g.end_as <> 5 or t.state = 7)
    returning t.key, t.state, t.allow_failure, t.dependents is not null as leads_on, g.queue_key, g.end_as, g.output, g.n
  ), outputs as (
    insert into @output (task_key, json) select key, output from done where state in (5, 6)
  )
  select array_agg(key), array_agg(n) filter (where state <> 7 or end_as = 5),
    array_agg(queue_key) filter (where queue_key is not null),
    array_agg(@move(key, 3, state)) filter (where state <> 7), array_agg(key) filter (where state in (5, 6) and leads_on),
    array_agg(key) filter (where state in (1, 2, 4)), array_agg(key) filter (where state = 6 and not allow_failure)
  into settled, accepted, freed, moves, v_ended, v_again, v_fatal from done;
  delete from @work_task w where w.runner_key = p_runner and w.task_key = any(settled);
  if p_asks is not null then moves := moves || @ask(p_asks, p_keys, accepted); end if;
  if v_again is not null then perform @put_back(v_again); end if;
  if v_ended is not null then moves := moves || @propagate(v_ended, p_now); end if;
  if v_fatal is not null then
    moves := moves || array(select @move(k, 15, 9) from unnest(v_fatal) as k);
    ended := array(
      select f.key from @flow f
      where f.key = any(array(select k >> 20 from unnest(v_fatal) as k)) and f.fail_fast);
    moves := moves || @cancel_rest(ended, p_now);
  end if;
end $$;
--> statement-breakpoint

-- Makes tasks ready whose time has come, as many as one tick can claim; what a waiting one still asked for is closed.
-- Flows that another transaction has locked are left out. p_locked: flows that are locked already; locked: those, and
-- more.
create function @promote(p_now double precision, p_locked bigint[], out moves bigint[], out locked bigint[])
  language plpgsql
as $$
declare
  v_due bigint[] := array(
    select d.task_key from @due_task d where d.available_at <= p_now order by d.available_at, d.task_key limit 1000);
begin
  locked := p_locked || array(
    select f.key from @flow f
    where f.key = any(array(select distinct k >> 20 from unnest(v_due) k)) and f.key <> all(p_locked)
    order by f.key for no key update skip locked);
  v_due := array(
    select t.key from unnest(v_due) as x(key) join @flow_task t on t.key >= x.key and t.key <= x.key
    where t.available_at <= p_now and t.key >> 20 = any(locked));
  update @input i set is_open = false from unnest(v_due) as x(key)
    where i.task_key >= x.key and i.task_key <= x.key and i.is_open;
  moves := @make_ready(v_due);
end $$;
--> statement-breakpoint

-- A lane with ready work, none of which has a lower priority. last_flow: the flow of it that was served last, or 0.
-- busy_flow: the first flow that another transaction had locked, since the lane gave anything.
create type @open_lane as (key integer, queue_key integer, priority double precision, last_flow bigint, busy_flow bigint);
--> statement-breakpoint

-- The lanes with ready work that a runner can run, by key. p_freed: queues of which a slot was freed that is not
-- counted yet. limited: the queues of those lanes that have a limit.
create function @open_lanes(p_executors text[], p_queues text[], p_freed integer[], p_last_lanes integer[],
    p_last_flows bigint[], out lanes @open_lane[], out limited integer[])
  language plpgsql
as $$
declare
  v_key integer := 0;
  v_priority double precision;
  v_queue record;
begin
  loop
    select w.lane_key, w.priority into v_key, v_priority from @work_task w
      where w.runner_key is null and w.lane_key > v_key order by w.lane_key, w.priority, w.task_key limit 1;
    exit when not found;
    select l.executor, q.* into v_queue from @lane l join @queue q on q.key >= l.queue_key and q.key <= l.queue_key
      where l.key = v_key;
    continue when v_queue.executor <> all(p_executors) or v_queue.name <> all(p_queues) or v_queue.paused
      or v_queue.running >= v_queue.concurrency and v_queue.key <> all(coalesce(p_freed, '{}'));
    lanes := lanes || row(v_key, v_queue.key, v_priority,
      coalesce(p_last_flows[array_position(p_last_lanes, v_key)], 0), null)::@open_lane;
    if v_queue.concurrency is not null then limited := limited || v_queue.key; end if;
  end loop;
end $$;
--> statement-breakpoint

-- Up to p_limit ready tasks of a lane: a turn of the flows from p_from on, below p_below, one after the other.
create function @turns(p_lane @open_lane, p_from bigint, p_below bigint, p_limit integer)
  returns bigint[] language plpgsql
as $$
begin
  return array(
    with recursive turn as (
      select 1 as n, (
        select w.task_key from @work_task w
        where w.runner_key is null and w.lane_key = p_lane.key and w.priority = p_lane.priority
          and w.task_key >= p_from << 20 and w.task_key < p_below << 20
        order by w.lane_key, w.priority, w.task_key limit 1) as first
      union all
      select t.n + 1, (
        select w.task_key from @work_task w
        where w.runner_key is null and w.lane_key = p_lane.key and w.priority = p_lane.priority
          and w.task_key >= (t.first >> 20) + 1 << 20 and w.task_key < p_below << 20
        order by w.lane_key, w.priority, w.task_key limit 1)
      from turn t where t.first is not null and t.n < p_limit
    )
    select x.task_key from turn t cross join lateral (
      select w.task_key from @work_task w
      where w.runner_key is null and w.lane_key = p_lane.key and w.priority = p_lane.priority
        and w.task_key >= t.first and w.task_key < (t.first >> 20) + 1 << 20
      order by w.lane_key, w.priority, w.task_key limit 16) x
    limit p_limit);
end $$;
--> statement-breakpoint

-- Gives up to p_limit ready tasks to p_runner: lowest priority first, lanes in turn, flows of a lane in turn, at most
-- 16 tasks a turn. p_queues, room: the limited queues, which are locked, and how many tasks they may still give.
-- p_locked: flows that are locked already. Waits for a lock only when it holds none. more: it could have taken more.
create function @take(p_runner integer, p_lanes @open_lane[], p_limit integer, p_last_lane integer, p_queues integer[],
    p_locked bigint[], inout room double precision[], out keys bigint[], out more boolean)
  language plpgsql
as $$
declare
  v_left integer := p_limit;
  v_i integer;
  v_lane @open_lane;
  v_queue integer;
  v_room integer;
  v_equals integer;
  v_turn bigint[];
  v_is_dry boolean;
  v_first bigint;
  v_last bigint;
  v_flows bigint[];
  v_is_busy boolean;
  v_got bigint[];
begin
  keys := '{}';
  more := false;
  while v_left > 0 and p_lanes <> '{}' loop
    v_i := 1;
    v_equals := 1;
    for i in 2 .. cardinality(p_lanes) loop
      if p_lanes[i].priority < p_lanes[v_i].priority then
        v_i := i;
        v_equals := 1;
      elsif p_lanes[i].priority = p_lanes[v_i].priority then
        v_equals := v_equals + 1;
        if p_lanes[i].key > p_last_lane and p_lanes[v_i].key <= p_last_lane then v_i := i; end if;
      end if;
    end loop;
    v_lane := p_lanes[v_i];
    v_queue := array_position(p_queues, v_lane.queue_key);
    v_room := least(v_left, room[v_queue]);
    if v_room <= 0 then
      p_lanes := p_lanes[: v_i - 1] || p_lanes[v_i + 1 :];
      continue;
    end if;

    -- What comes after the flow that was served last, and then what comes before: mostly that is all there is.
    v_turn := array(
      select w.task_key from @work_task w
      where w.runner_key is null and w.lane_key = v_lane.key and w.priority = v_lane.priority
        and w.task_key >= v_lane.last_flow + 1 << 20
      order by w.lane_key, w.priority, w.task_key limit least(16, v_room));
    if cardinality(v_turn) < least(16, v_room) then
      v_turn := v_turn || array(
        select w.task_key from @work_task w
        where w.runner_key is null and w.lane_key = v_lane.key and w.priority = v_lane.priority
          and w.task_key < v_lane.last_flow + 1 << 20
        order by w.lane_key, w.priority, w.task_key limit least(16, v_room) - cardinality(v_turn));
    end if;
    v_is_dry := v_turn = '{}' or v_equals = 1 and cardinality(v_turn) < least(16, v_room);
    v_first := v_turn[1] >> 20;
    if v_equals > 1 then
      v_turn := array(select k from unnest(v_turn) as k where k >> 20 = v_first);
    elsif v_room > 16 and not v_is_dry then
      v_turn := @turns(v_lane, v_lane.last_flow + 1, 1::bigint << 33, v_room);
      v_turn := v_turn || @turns(v_lane, 0, v_lane.last_flow + 1, v_room - cardinality(v_turn));
    end if;
    v_last := v_turn[cardinality(v_turn)] >> 20;
    v_flows := array[v_first];
    if v_first <> v_last then v_flows := array(select distinct k >> 20 from unnest(v_turn) as k); end if;

    v_is_busy := false;
    if v_turn <> '{}' and not arraycontained(v_flows, p_locked) then
      if p_locked = '{}' and p_queues is null then
        v_is_dry := v_is_dry and v_first = v_last;
        v_last := v_first;
        v_turn := array(select k from unnest(v_turn) as k where k >> 20 = v_first);
        p_locked := array(select f.key from @flow f where f.key = v_first for no key update);
      else
        p_locked := p_locked || array(
          select f.key from @flow f where f.key = any(v_flows) and f.key <> all(p_locked)
          order by f.key for no key update skip locked);
        v_is_busy := not arraycontained(v_flows, p_locked);
      end if;
      if v_is_busy then v_turn := array(select k from unnest(v_turn) as k where k >> 20 = any(p_locked)); end if;
    end if;

    v_got := null;
    if v_turn <> '{}' then
      with taken as (
        update @work_task w set runner_key = p_runner
        where w.runner_key is null and w.lane_key = v_lane.key and w.priority = v_lane.priority
          and w.task_key = any(v_turn)
        returning w.task_key
      )
      select array_agg(task_key) into v_got from taken;
    end if;
    if v_got is not null then
      if cardinality(v_got) < cardinality(v_turn) then v_turn := v_got; end if;
      keys := keys || v_turn;
      v_left := v_left - cardinality(v_turn);
      if v_queue is not null then room[v_queue] := room[v_queue] - cardinality(v_turn); end if;
      p_last_lane := v_lane.key;
      v_lane.busy_flow := null;
    end if;
    if v_first is not null then v_lane.last_flow := v_last; end if;

    more := more or v_is_busy;
    if v_is_dry and not v_is_busy then
      select w.priority into v_lane.priority from @work_task w
        where w.runner_key is null and w.lane_key = v_lane.key and w.priority > v_lane.priority
        order by w.lane_key, w.priority, w.task_key limit 1;
    end if;
    if v_lane.priority is null or v_is_busy and v_got is null and v_lane.busy_flow = v_first then
      p_lanes := p_lanes[: v_i - 1] || p_lanes[v_i + 1 :];
    else
      if v_is_busy and v_got is null then v_lane.busy_flow := coalesce(v_lane.busy_flow, v_first); end if;
      p_lanes[v_i] := v_lane;
    end if;
  end loop;

  for i in 1 .. coalesce(cardinality(p_lanes), 0) loop
    exit when more;
    more := coalesce(room[array_position(p_queues, p_lanes[i].queue_key)] > 0, true) and exists (
      select 1 from @work_task w where w.runner_key is null and w.lane_key = p_lanes[i].key);
  end loop;
end $$;
--> statement-breakpoint

-- WorkStore.advance. s_...: the settlements (see settle), and the flows of their tasks. p_limit: null for no claim.
-- p_last_...: whose turn it was last. Rows: the attempts that were claimed, and a last one whose `rest` tells all else;
-- none when the runner is lost. Lock order: runner, flows by key, queues by key; after that nothing waits. A tick that
-- changes nothing locks nothing.
create function @advance(p_runner text, p_now double precision, p_tick integer, s_flows bigint[], s_keys bigint[],
    s_fences integer[], s_queues integer[], s_ends smallint[], s_outputs text[], s_failures text[],
    s_available_at double precision[], s_unspent boolean[], s_asks text, p_limit integer, p_executors text[],
    p_queues text[], p_last_lane integer, p_last_lanes integer[], p_last_flows bigint[])
  returns table (rest text, flow_id text, owner text, task_id text, fence integer, attempt integer, lane integer,
    key double precision, config text, input text, needs text, retries double precision, backoff_ms double precision,
    max_backoff_ms double precision, timeout_ms double precision, resume text) language plpgsql
as $$
#variable_conflict use_column
declare
  v_runner integer;
  v_is_locked boolean := s_keys <> '{}';
  v_locked bigint[] := '{}';
  v_settled record;
  v_rejected integer[] := '{}';
  v_freed integer[] := '{}';
  v_ended bigint[] := '{}';
  v_moves bigint[] := '{}';
  v_due double precision;
  v_promoted record;
  v_open record;
  v_lanes @open_lane[];
  v_queues integer[];
  v_room double precision[];
  v_taken record;
  v_more boolean := false;
  v_wrote boolean := false;
  v_changed json;
  v_stop json;
begin
  if v_is_locked then
    select r.key into v_runner from @runner r where r.id = p_runner and r.presence + 0 = 2 for key share;
  else
    select r.key into v_runner from @runner r where r.id = p_runner and r.presence + 0 = 2;
  end if;
  if not found then return; end if;

  if s_keys <> '{}' then
    v_locked := array(select f.key from @flow f where f.key = any(s_flows) order by f.key for no key update);
    v_settled := @settle(v_runner, p_now, s_keys, s_fences, s_queues, s_ends, s_outputs, s_failures, s_available_at,
      s_unspent, s_asks);
    if cardinality(v_settled.accepted) is distinct from cardinality(s_keys) then
      v_rejected := array(
        select n from generate_series(1, cardinality(s_keys)) as n except select unnest(v_settled.accepted) order by 1);
    end if;
    v_ended := coalesce(v_settled.ended, '{}');
    v_moves := coalesce(v_settled.moves, '{}');
    v_wrote := v_settled.settled is not null;
    v_freed := coalesce(v_settled.freed, '{}');
  end if;

  select d.available_at into v_due from @due_task d order by d.available_at, d.task_key limit 1;
  if v_due <= p_now then
    if not v_is_locked then
      perform 1 from @runner r where r.key = v_runner and r.presence + 0 = 2 for key share;
      if not found then return; end if;
      v_is_locked := true;
    end if;
    v_promoted := @promote(p_now, v_locked);
    v_locked := v_promoted.locked;
    v_moves := v_moves || v_promoted.moves;
    select d.available_at into v_due from @due_task d order by d.available_at, d.task_key limit 1;
  end if;

  if p_limit is not null then
    v_open := @open_lanes(p_executors, p_queues, v_freed, p_last_lanes, p_last_flows);
    v_lanes := v_open.lanes;
    if p_limit > 0 then v_queues := v_open.limited; end if;
    if p_limit > 0 and v_lanes is not null and not v_is_locked then
      perform 1 from @runner r where r.key = v_runner and r.presence + 0 = 2 for key share;
      if not found then return; end if;
    end if;
  end if;

  if v_freed <> '{}' or v_queues is not null then
    v_queues := array(
      select q.key from @queue q where q.key = any(v_freed || v_queues) order by q.key for no key update);
    update @queue q set running = q.running - x.n
      from (select k, count(*)::integer as n from unnest(v_freed) as k group by k) x where q.key >= x.k and q.key <= x.k;
    select array_agg(q.key), array_agg(case when q.paused then 0 else greatest(0, q.concurrency - q.running) end)
      into v_queues, v_room from @queue q where q.key = any(v_queues);
  end if;

  if v_lanes is not null then
    v_taken := @take(v_runner, v_lanes, p_limit, p_last_lane, v_queues, v_locked, v_room);
    v_more := v_taken.more;
    if v_taken.keys <> '{}' then
      return query with started as (
        update @flow_task t
        set state = 3, attempt = t.attempt + 1, fence = t.fence + 1, runner_key = v_runner, tick = p_tick, started_at = p_now,
          attempt_end = null, attempt_ended_at = null, rev = f.rev + 1
        from unnest(v_taken.keys) as x(key) join @flow f on f.key >= x.key >> 20 and f.key <= x.key >> 20
        where t.key >= x.key and t.key <= x.key
        returning f.id as flow_id, f.owner, t.id, t.fence, t.attempt, t.lane_key, t.key
      )
      select null::text, r.flow_id, r.owner, r.id, r.fence, r.attempt, r.lane_key, r.key::double precision, s.config, s.input, s.needs,
        s.retries, s.backoff_ms, s.max_backoff_ms, s.timeout_ms, case when r.fence > 1 then @resume_of(r.key) end
      from started r join @flow_task_spec s on s.task_key >= r.key and s.task_key <= r.key;
      v_moves := v_moves || array(select @move(k, 2, 3) from unnest(v_taken.keys) as k);
    end if;
    if v_queues is not null then
      update @queue q set running = q.running + (x.had - x.has)::integer
        from unnest(v_queues, v_room, v_taken.room) as x(key, had, has)
        where q.key >= x.key and q.key <= x.key and x.had > x.has;
    end if;
  end if;

  if v_moves <> '{}' then
    select json_agg(json_build_array(c.flow_id, c.flow_rev, c.flow_ended)) into v_changed
      from @close_flows(v_moves, v_ended, 2, p_now) c;
  end if;
  if exists (select 1 from @work_task w where w.runner_key = v_runner and w.cancelled) then
    select json_agg(json_build_array((select f.id from @flow f where f.key = t.flow_key), t.id, t.fence)) into v_stop
      from @work_task w join @flow_task t on t.key >= w.task_key and t.key <= w.task_key
      where w.runner_key = v_runner and w.cancelled;
  end if;
  return query select json_build_object(
      'rejected', v_rejected,
      'stop', v_stop, 'changed', v_changed, 'more', v_more, 'due', v_due, 'wrote', v_wrote or v_moves <> '{}')::text,
    null::text, null::text, null::text, null::integer, null::integer, null::integer, null::float8, null::text, null::text,
    null::text, null::float8, null::float8, null::float8, null::float8, null::text;
end $$;
--> statement-breakpoint

-- Pins the plans of the functions that are called from outside, and of what they call.
do $$
declare
  v_function regprocedure;
  v_setting text;
begin
  for v_function in
    select p.oid from pg_proc p
    where p.pronamespace = quote_ident(current_schema())::regnamespace and p.proname in (
      'create_flow', 'cancel_flow', 'add_hold', 'remove_hold', 'unregister_runner', 'take_over', 'answer_inputs', 'report',
      'advance')
  loop
    execute format('alter function %s set plan_cache_mode = force_generic_plan', v_function);
    execute format('alter function %s set join_collapse_limit = 1 set from_collapse_limit = 1', v_function);
    foreach v_setting in array array['jit', 'enable_seqscan', 'enable_bitmapscan', 'enable_indexonlyscan',
      'enable_hashjoin', 'enable_mergejoin', 'enable_material', 'enable_memoize'] loop
      execute format('alter function %s set %I = off', v_function, v_setting);
    end loop;
  end loop;
end $$;
