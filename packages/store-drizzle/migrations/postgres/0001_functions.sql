-- `@` before a name stands for the schema. No function sets its search path: that would have its plans checked anew
-- at every call. Plans are pinned, whatever the statistics say, by the functions that are called from outside.
-- Rows that change often leave room for their next version beside them, and are cleaned up early.
alter table @flow_task set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
alter table @flow set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
alter table @queue set (fillfactor = 10);
alter table @runner set (fillfactor = 10);
--> statement-breakpoint

-- So many tasks of a flow went from one state to another.
create type @move as (flow_key bigint, was smallint, now smallint, n integer);
--> statement-breakpoint

-- Takes one open dependency from a task for every element of p_child, a failed or skipped one where p_failed or
-- p_skipped is 1, and lets skips go on to their dependents. The flows MUST be locked.
create function @propagate(p_child bigint[], p_failed integer[], p_skipped integer[], p_now double precision)
  returns @move[] language plpgsql
as $$
declare
  v_moves @move[] := '{}';
  v_new @move[];
begin
  while cardinality(p_child) > 0 loop
    with edge as materialized (
      select child, count(*)::integer as n, sum(bad)::integer as bad, sum(skip)::integer as skip
      from unnest(p_child, p_failed, p_skipped) as x(child, bad, skip) group by child
    ), decided as materialized (
      select o.key, o.flow_key, o.state as was, o.dependents, f.rev + 1 as rev, e.n, e.bad, e.skip,
        case
          when o.state <> 0 or o.open > e.n then o.state
          when o.rule = 3 then 2
          when o.rule = 2 then case when o.failed + e.bad > 0 then 2 else 8 end
          when o.failed + e.bad > 0 then 8
          when o.rule = 0 and o.skipped + e.skip > 0 then 8
          else 2
        end::smallint as state,
        case when o.rule = 2 then 2 when o.failed + e.bad > 0 then 0 else 1 end::smallint as cause
      from edge e join @flow_task o on o.key = e.child join @flow f on f.key = o.flow_key
    ), updated as (
      update @flow_task t
      set open = t.open - d.n, failed = t.failed + d.bad, skipped = t.skipped + d.skip, state = d.state,
        cause = case when d.state <> d.was and d.state = 8 then d.cause else t.cause end,
        ended_at = case when d.state <> d.was and d.state = 8 then p_now else t.ended_at end,
        rev = case when d.state <> d.was then d.rev else t.rev end
      from decided d where t.key = d.key
    ), skipped as (
      select d.flow_key * 1048576 + i as child, (d.cause = 0)::integer as bad
      from decided d cross join unnest(d.dependents) as i
      where d.state <> d.was and d.state = 8
    )
    select
      (select array_agg(row(x.flow_key, 0, x.state, x.n)::@move)
       from (select d.flow_key, d.state, count(*)::integer as n from decided d where d.state <> d.was group by 1, 2) x),
      (select array_agg(child) from skipped), (select array_agg(bad) from skipped),
      (select array_agg(1 - bad) from skipped)
    into v_new, p_child, p_failed, p_skipped;
    v_moves := v_moves || v_new;
  end loop;
  return v_moves;
end $$;
--> statement-breakpoint

-- Cancels every task of the flows that has not ended. The flows MUST be locked.
create function @cancel_rest(p_flows bigint[], p_now double precision)
  returns @move[] language plpgsql
as $$
declare
  v_moves @move[];
begin
  with rest as materialized (
    select t.key, t.flow_key, t.state, f.rev + 1 as rev
    from unnest(p_flows) as x(key) join @flow f on f.key = x.key
      join @flow_task t on t.key >= x.key * 1048576 and t.key < (x.key + 1) * 1048576
    where t.state <= 4
  ), updated as (
    update @flow_task t set state = 7, rev = r.rev, ended_at = p_now, available_at = null, progress = null
    from rest r where t.key = r.key
  )
  select array_agg(row(x.flow_key, x.state, 7, x.n)::@move)
  into v_moves
  from (select r.flow_key, r.state, count(*)::integer as n from rest r group by 1, 2) x;
  return coalesce(v_moves, '{}');
end $$;
--> statement-breakpoint

-- Writes what a transaction did to its flows: counts, one more rev, the end. p_fatal: a flow for every task that
-- failed and was not allowed to. p_ended: flows that end as p_ended_as whatever their counts say.
create function @close_flows(p_moves @move[], p_touched bigint[], p_fatal bigint[], p_ended bigint[],
    p_ended_as integer, p_now double precision)
  returns table (flow_id text, flow_rev integer, flow_ended boolean) language plpgsql
as $$
begin
  return query with part as (
    select m.flow_key, m.was as state, -m.n as n, 0 as fatal from unnest(p_moves) m
    union all select m.flow_key, m.now, m.n, 0 from unnest(p_moves) m
    union all select k, null, 0, 0 from unnest(p_touched) as k
    union all select k, null, 0, 1 from unnest(p_fatal) as k
  ), delta as (
    select p.flow_key,
      sum(case when p.state = 0 then p.n else 0 end)::integer as blocked,
      sum(case when p.state = 1 then p.n else 0 end)::integer as delayed,
      sum(case when p.state = 2 then p.n else 0 end)::integer as ready,
      sum(case when p.state = 3 then p.n else 0 end)::integer as running,
      sum(case when p.state = 4 then p.n else 0 end)::integer as waiting,
      sum(case when p.state = 5 then p.n else 0 end)::integer as succeeded,
      sum(case when p.state = 6 then p.n else 0 end)::integer as failed,
      sum(case when p.state = 7 then p.n else 0 end)::integer as cancelled,
      sum(case when p.state = 8 then p.n else 0 end)::integer as skipped,
      sum(case when p.state <= 4 then p.n else 0 end)::integer as live,
      sum(p.fatal)::integer as fatal
    from part p group by p.flow_key
  ), closed as materialized (
    select d.*, case
        when f.state <> 0 then f.state
        when f.key = any(p_ended) then p_ended_as
        when f.blocked + f.delayed + f.ready + f.running + f.waiting + d.live > 0 then 0
        when f.fatal_count + d.fatal > 0 then 2
        else 1
      end::smallint as state
    from delta d join @flow f on f.key = d.flow_key
  )
  update @flow f
  set rev = f.rev + 1, state = c.state, fatal_count = f.fatal_count + c.fatal,
    ended_at = case when c.state <> f.state then p_now else f.ended_at end,
    blocked = f.blocked + c.blocked, delayed = f.delayed + c.delayed, ready = f.ready + c.ready,
    running = f.running + c.running, waiting = f.waiting + c.waiting, succeeded = f.succeeded + c.succeeded,
    failed = f.failed + c.failed, cancelled = f.cancelled + c.cancelled, skipped = f.skipped + c.skipped
  from closed c where f.key = c.flow_key
  returning f.id, f.rev, f.state <> 0;
end $$;
--> statement-breakpoint

-- FlowStore.createFlow. p_tasks: a JSON array. Answers with the kind and the flow that has the id or key;
-- `no_queue` when the queue does not exist.
create function @create_flow(p_id text, p_owner text, p_queue text, p_fail_fast boolean, p_created_at double precision,
    p_ttl_ms double precision, p_idempotency_key text, p_spec_hash text, p_tasks text)
  returns table (kind text, flow_id text) language plpgsql
  set jit = off set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_queue integer;
  v_flow bigint;
  v_total integer;
  v_ready integer;
begin
  loop
    if p_idempotency_key is not null then
      return query select case when f.spec_hash = p_spec_hash then 'existing' else 'conflict' end, f.id
        from @flow f where f.owner = p_owner and f.idempotency_key = p_idempotency_key;
      if found then return; end if;
    end if;
    return query select 'conflict', f.id from @flow f where f.id = p_id;
    if found then return; end if;
    select q.key into v_queue from @queue q where q.name = p_queue;
    if not found then
      return query select 'no_queue', p_id;
      return;
    end if;
    select count(*), count(*) filter (where x.open = 0) into v_total, v_ready
      from json_to_recordset(p_tasks::json) as x(open integer);
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
    select v_queue, x.executor
    from (select distinct r.executor from json_to_recordset(p_tasks::json) as r(executor text)) x
    where not exists (select 1 from @lane l where l.queue_key = v_queue and l.executor = x.executor)
    order by x.executor
    on conflict do nothing;
  with task as materialized (
    select v_flow * 1048576 + x.i as key, x.*, l.key as lane_key
    from json_to_recordset(p_tasks::json) as x(i integer, id text, executor text, priority double precision,
        open integer, holds integer, rule smallint, allow_failure boolean, dependents integer[], config text,
        input text, needs text, retries double precision, backoff_ms double precision,
        max_backoff_ms double precision, timeout_ms double precision)
      join @lane l on l.queue_key = v_queue and l.executor = x.executor
    order by x.i
  ), spec as (
    insert into @flow_task_spec (task_key, config, input, needs, retries, backoff_ms, max_backoff_ms, timeout_ms)
      select t.key, t.config, t.input, t.needs, t.retries, t.backoff_ms, t.max_backoff_ms, t.timeout_ms from task t
  )
  insert into @flow_task (key, flow_key, id, lane_key, state, priority, open, failed, skipped, holds, rule,
      allow_failure, attempt, fence, rev, dependents)
    select t.key, v_flow, t.id, t.lane_key, case when t.open = 0 then 2 else 0 end, t.priority, t.open, 0, 0, t.holds,
      t.rule, t.allow_failure, 0, 0, 1, t.dependents
    from task t;
  return query select 'created', p_id;
end $$;
--> statement-breakpoint

-- FlowStore.cancelFlow; no row when that changes nothing.
create function @cancel_flow(p_id text, p_owner text, p_now double precision)
  returns table (flow_id text, flow_rev integer, flow_ended boolean) language plpgsql
  set jit = off set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_flow bigint;
  v_state integer;
begin
  select f.key, f.state into v_flow, v_state from @flow f where f.id = p_id and f.owner = p_owner for no key update;
  if not found or v_state <> 0 then return; end if;
  return query select * from @close_flows(@cancel_rest(array[v_flow], p_now), array[v_flow], '{}', array[v_flow], 3, p_now);
end $$;
--> statement-breakpoint

-- FlowStore.addHold: the ids of the tasks that it put a hold on.
create function @add_hold(p_flow_id text, p_task_ids text)
  returns setof text language plpgsql
  set jit = off set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_flow bigint;
begin
  select f.key into v_flow from @flow f where f.id = p_flow_id for no key update;
  return query update @flow_task t set holds = t.holds + 1, open = t.open + 1
    where t.flow_key = v_flow and t.state = 0
      and t.id = any(array(select json_array_elements_text(p_task_ids::json)))
    returning t.id;
end $$;
--> statement-breakpoint

-- FlowStore.removeHold. Rows: `released` with a task's id, `changed` with a flow; or `without` with the id of a task
-- that has no hold, when nothing was done.
create function @remove_hold(p_flow_id text, p_task_ids text, p_now double precision)
  returns table (kind text, id text, flow_rev integer, flow_ended boolean) language plpgsql
  set jit = off set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_flow bigint;
  v_keys bigint[];
  v_moves @move[];
begin
  select f.key into v_flow from @flow f where f.id = p_flow_id for no key update;
  select array_agg(t.key) into v_keys from @flow_task t
    where t.flow_key = v_flow and t.state = 0
      and t.id = any(array(select json_array_elements_text(p_task_ids::json)));
  if v_keys is null then return; end if;
  return query select 'without', t.id, null::integer, null::boolean
    from @flow_task t where t.key = any(v_keys) and t.holds = 0 limit 1;
  if found then return; end if;
  return query update @flow_task t set holds = t.holds - 1 where t.key = any(v_keys)
    returning 'released', t.id, null::integer, null::boolean;
  v_moves := @propagate(v_keys, array_fill(0, array[cardinality(v_keys)]), array_fill(0, array[cardinality(v_keys)]), p_now);
  return query select 'changed', c.* from @close_flows(v_moves, '{}', '{}', '{}', 0, p_now) c;
end $$;
--> statement-breakpoint

-- The runner runs nothing more: it is forgotten once it holds nothing, and until then to be taken over.
create function @leave_runner(p_runner integer)
  returns void language plpgsql
as $$
begin
  update @runner r
  set presence = exists (
    select 1 from @flow_task t where t.runner_key = p_runner and t.attempt_end is null
  )::integer
  where r.key = p_runner and r.presence > 0;
end $$;
--> statement-breakpoint

-- WorkStore.unregisterRunner. The lock waits for a tick of the runner that is under way.
create function @unregister_runner(p_id text)
  returns void language plpgsql
  set jit = off set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
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
  set jit = off set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
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
  select array_agg(x.key) into v_keys from (
    select t.key from @flow_task t where t.runner_key = v_dead and t.attempt_end is null limit p_limit) x;
  perform 1 from @flow f where f.key = any(array(select distinct k >> 20 from unnest(v_keys) k)) order by f.key for no key update;
  with gone as materialized (
    select t.key, t.flow_key, t.id, t.lane_key, t.state, t.attempt, t.fence, t.started_at, f.id as flow_id, f.rev + 1 as rev
    from unnest(v_keys) as x(key) join @flow_task t on t.key = x.key join @flow f on f.key = t.flow_key
    where t.runner_key = v_dead and t.attempt_end is null
  ), archived as (
    insert into @attempt (task_key, fence, runner_key, started_at, ended_at, attempt_end)
      select g.key, g.fence, v_dead, g.started_at, p_now, 6 from gone g
  ), moved as (
    update @flow_task t
    set fence = g.fence + 1, runner_key = v_by, tick = null, progress = null, rev = case when g.state = 7 then t.rev else g.rev end
    from gone g where t.key = g.key
  )
  select array_agg(g.key), array_agg(distinct g.flow_key) filter (where g.state <> 7)
  into v_keys, v_touched from gone g;
  return query select 'taken', f.id, t.id, t.fence - 1, t.attempt, l.executor, s.config, s.retries, s.backoff_ms,
      s.max_backoff_ms, t.state = 7, null::integer, null::boolean
    from unnest(v_keys) as x(key) join @flow_task t on t.key = x.key join @flow f on f.key = t.flow_key
      join @flow_task_spec s on s.task_key = t.key join @lane l on l.key = t.lane_key;
  return query select 'changed', c.flow_id, null::text, null::integer, null::integer, null::text, null::text,
      null::double precision, null::double precision, null::double precision, null::boolean, c.flow_rev, c.flow_ended
    from @close_flows('{}', v_touched, '{}', '{}', 0, p_now) c;
  perform @leave_runner(v_dead);
end $$;
--> statement-breakpoint

-- What earlier attempts of a task left, as JSON: everything that it asked for, with the answers, and what was saved. Null
-- when that is nothing.
create function @resume_of(p_task bigint)
  returns text language sql stable
as $$
  select case when a.asked is not null or s.json is not null
    then json_build_object('asked', a.asked, 'saved', s.json)::text end
  from (
    select json_agg(json_build_array(i.key, i.answer) order by i.number) as asked from @input i where i.task_key = p_task
  ) a left join @saved s on s.task_key = p_task
$$;
--> statement-breakpoint

-- Lets tasks that wait now ask for what they have not asked for before; one that is left without a question is ready.
-- p_asks: a JSON array of settlements by number, each with keys and requests. p_accepted: the numbers that count.
create function @ask(p_asks text, p_accepted integer[])
  returns @move[] language plpgsql
as $$
declare
  v_moves @move[];
begin
  with asked as (
    insert into @input (task_key, number, key, request, is_open)
      select a.task_key, a.before + row_number() over (partition by a.task_key order by a.i) - 1, a.key, a.request, true
      from (
        select t.key as task_key, r.i, r.pair ->> 0 as key, r.pair ->> 1 as request,
          (select count(*) from @input p where p.task_key = t.key) as before
        from json_to_recordset(p_asks::json) as x(n integer, f text, t text, k json)
          join @flow f on f.id = x.f join @flow_task t on t.flow_key = f.key and t.id = x.t
          cross join json_array_elements(x.k) with ordinality as r(pair, i)
        where x.n = any(p_accepted)
      ) a
      where not exists (select 1 from @input p where p.task_key = a.task_key and p.key = a.key)
      returning task_key
  )
  update @flow f set input_count = f.input_count + x.n
    from (select a.task_key >> 20 as flow_key, count(*)::integer as n from asked a group by 1) x
    where f.key = x.flow_key;
  with idle as materialized (
    select t.key, t.flow_key
    from json_to_recordset(p_asks::json) as x(n integer, f text, t text)
      join @flow f on f.id = x.f join @flow_task t on t.flow_key = f.key and t.id = x.t
    where x.n = any(p_accepted)
      and not exists (select 1 from @input p where p.task_key = t.key and p.is_open)
  ), updated as (
    update @flow_task t set state = 2, available_at = null from idle i where t.key = i.key
  )
  select array_agg(row(x.flow_key, 4, 2, x.n)::@move) into v_moves
  from (select i.flow_key, count(*)::integer as n from idle i group by 1) x;
  return coalesce(v_moves, '{}');
end $$;
--> statement-breakpoint

-- FlowStore.answerInputs. p_answers: a JSON array. Rows: `accepted` or `refused` with the answer's place in p_answers,
-- `changed` with the flow, or one `stranger` when there is no such flow for that owner.
create function @answer_inputs(p_flow_id text, p_owner text, p_answers text, p_now double precision)
  returns table (kind text, place integer, why text, flow_rev integer, flow_ended boolean) language plpgsql
  set jit = off set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_flow bigint;
  v_rev integer;
  v_places integer[];
  v_whys text[];
  v_tasks bigint[];
  v_ready integer;
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
  with named as materialized (
    select x.key, exists (select 1 from @input i where i.task_key = x.key and i.is_open) as waits
    from unnest(v_tasks) as x(key)
  ), updated as (
    update @flow_task t set rev = v_rev, state = case when n.waits then t.state else 2 end,
      available_at = case when n.waits then t.available_at end
    from named n where t.key = n.key
  )
  select count(*) filter (where not n.waits) into v_ready from named n;
  return query select 'changed', null::integer, null::text, c.flow_rev, c.flow_ended
    from @close_flows(array[row(v_flow, 4, 2, v_ready)::@move], array[v_flow], '{}', '{}', 0, p_now) c;
end $$;
--> statement-breakpoint

-- WorkStore.report: no row when the attempt does not run; else one, with the flow's rev when that has changed.
create function @report(p_flow_id text, p_task_id text, p_fence integer, p_saved text, p_progress text)
  returns table (flow_rev integer) language plpgsql
  set jit = off set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
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

-- WorkStore.advance. p_settle: a JSON array, null for none. p_asks: what its `waiting` ones ask for, null when none waits. p_limit: null for no claim. p_last_flows: by lane, the flow
-- that was served last. Row kinds: 0 claimed, 1 rejected (fence: its place in p_settle), 2 stop, 3 changed (fence: rev,
-- attempt_no: whether it ended), 4 the rest (attempt_no: more, fence: whether anything was written), 9 lost.
-- Lock order: runner, flows by key, queues by key; after that nothing waits. A flow's lock guards all of its tasks.
create function @advance(p_runner text, p_now double precision, p_settle text, p_limit integer, p_executors text,
    p_queues text, p_last_lane integer, p_last_flows text, p_tick integer, p_asks text)
  returns table (kind integer, flow_id text, task_id text, fence_no integer, attempt_no integer, owner text,
    queue_name text, executor text, config text, input text, needs text, retries double precision,
    backoff_ms double precision, max_backoff_ms double precision, timeout_ms double precision, lane_no integer,
    flow_no double precision, resume text) language plpgsql
  set jit = off set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_runner integer;
  v_due double precision;
  v_executors text[] := array(select json_array_elements_text(p_executors::json));
  v_queues text[] := case when p_queues is not null then array(select json_array_elements_text(p_queues::json)) end;
  v_last_flows json := p_last_flows::json;
  v_locked bigint[] := '{}';
  v_more_locked bigint[];
  v_keys bigint[];
  v_moves @move[] := '{}';
  v_new @move[];
  v_accepted integer[];
  v_freed integer[];
  v_child bigint[];
  v_failed integer[];
  v_none integer[];
  v_fatal bigint[];
  v_fast bigint[] := '{}';
  v_wrote boolean := false;
  v_more boolean := false;
  l_key integer[];
  l_queue integer[];
  l_name text[];
  l_executor text[];
  l_priority double precision[];
  l_last bigint[];
  l_busy bigint[];
  l_open boolean[];
  q_key integer[];
  q_room double precision[];
  q_limited boolean[];
  q_taken integer[];
  v_left integer := coalesce(p_limit, 0);
  v_room integer;
  v_i integer;
  v_q integer;
  v_from bigint;
  v_priority double precision;
  v_flow bigint;
  v_flow_id text;
  v_owner text;
  v_rev integer;
  v_got integer;
begin
  select r.key into v_runner from @runner r where r.id = p_runner and r.presence = 2;
  if not found then
    return query select 9, null::text, null::text, null::integer, null::integer, null::text, null::text, null::text, null::text, null::text,
      null::text, null::float8, null::float8, null::float8, null::float8, null::integer, null::float8, null::text;
    return;
  end if;
  select t.available_at into v_due from @flow_task t where t.available_at is not null order by t.available_at limit 1;

  if p_settle is not null or v_due <= p_now then
    perform 1 from @runner r where r.key = v_runner and r.presence = 2 for key share;
    if not found then
      return query select 9, null::text, null::text, null::integer, null::integer, null::text, null::text, null::text, null::text, null::text,
        null::text, null::float8, null::float8, null::float8, null::float8, null::integer, null::float8, null::text;
      return;
    end if;
  end if;

  if p_settle is not null then
    v_locked := array(select f.key from @flow f
      where f.id = any(array(select distinct x.f from json_to_recordset(p_settle::json) as x(f text)))
      order by f.key for no key update);
    with given as materialized (
      select x.* from json_to_recordset(p_settle::json) as x(n integer, f text, t text, e integer, k smallint, o text,
        x text, a double precision, u boolean)
    ), held as materialized (
      select distinct on (t.key) t.key, t.flow_key, t.lane_key, t.state as was, t.dependents, t.allow_failure, f.fail_fast,
        f.rev + 1 as rev, g.*,
        case g.k when 0 then 5 when 1 then 6 when 2 then 1 when 3 then 1 when 4 then 2 when 7 then 4 else 7 end::smallint as state
      from given g join @flow f on f.id = g.f join @flow_task t on t.flow_key = f.key and t.id = g.t
      -- Written so that no index of held tasks can be used for it: its dead entries would cost more than the keys.
      where t.runner_key + 0 = v_runner and coalesce(t.attempt_end, -1) = -1 and t.fence = g.e
        and (g.k <> 5 or t.state = 7)
      order by t.key, g.n
    ), settled as (
      update @flow_task t
      set state = h.state, attempt = t.attempt - h.u::integer, available_at = h.a,
        failure = case when h.k = 0 then null else coalesce(h.x, t.failure) end,
        ended_at = case when h.k < 2 then p_now else t.ended_at end,
        attempt_end = h.k, attempt_ended_at = p_now, progress = null, rev = h.rev
      from held h where t.key = h.key and h.was <> 7
    ), stopped as (
      update @flow_task t set attempt_end = 5, attempt_ended_at = p_now from held h where t.key = h.key and h.was = 7
    ), outputs as (
      insert into @output (task_key, json) select h.key, h.o from held h where h.was <> 7 and h.k < 2
    ), edge as (
      select h.flow_key * 1048576 + i as child, (h.k = 1 and not h.allow_failure)::integer as bad
      from held h cross join unnest(h.dependents) as i where h.was <> 7 and h.k < 2
    )
    select
      (select array_agg(h.n) from held h where h.was <> 7 or h.k = 5),
      (select array_agg(l.queue_key) from held h join @lane l on l.key = h.lane_key),
      (select array_agg(row(x.flow_key, 3, x.state, x.n)::@move) from (
        select h.flow_key, h.state, count(*)::integer as n from held h where h.was <> 7 group by 1, 2) x),
      (select array_agg(e.child) from edge e), (select array_agg(e.bad) from edge e), (select array_agg(0) from edge e),
      (select array_agg(h.flow_key) from held h where h.was <> 7 and h.k = 1 and not h.allow_failure),
      (select array_agg(distinct h.flow_key) from held h
       where h.was <> 7 and h.k = 1 and not h.allow_failure and h.fail_fast)
    into v_accepted, v_freed, v_moves, v_child, v_failed, v_none, v_fatal, v_fast;
    return query select 1, null::text, null::text, x.n, null::integer, null::text, null::text, null::text, null::text, null::text,
      null::text, null::float8, null::float8, null::float8, null::float8, null::integer, null::float8, null::text
      from (
        select x.n from json_to_recordset(p_settle::json) as x(n integer) except select unnest(v_accepted)
      ) x order by x.n;
    v_wrote := v_freed is not null;
    if p_asks is not null then v_moves := v_moves || @ask(p_asks, v_accepted); end if;
    if v_child is not null then v_moves := v_moves || @propagate(v_child, v_failed, v_none, p_now); end if;
    if v_fast is not null then v_moves := v_moves || @cancel_rest(v_fast, p_now); end if;
    select t.available_at into v_due from @flow_task t where t.available_at is not null order by t.available_at limit 1;
  end if;

  if v_due <= p_now then
    v_keys := array(select t.key from @flow_task t where t.available_at <= p_now
      order by t.available_at limit 1000);
    v_more_locked := array(select f.key from @flow f where f.key = any(array(select distinct k >> 20 from unnest(v_keys) k))
      order by f.key for no key update skip locked);
    v_locked := v_locked || v_more_locked;
    with due as materialized (
      select t.key, t.flow_key, t.state, f.rev + 1 as rev
      from unnest(v_keys) as x(key) join @flow_task t on t.key = x.key join @flow f on f.key = t.flow_key
      where t.available_at <= p_now and t.flow_key = any(v_more_locked)
    ), promoted as (
      update @flow_task t set state = 2, available_at = null, rev = d.rev from due d where t.key = d.key
    ), closed as (
      update @input p set is_open = false from due d where d.state = 4 and p.task_key = d.key
    )
    select array_agg(row(x.flow_key, x.state, 2, x.n)::@move) into v_new
    from (select d.flow_key, d.state, count(*)::integer as n from due d group by 1, 2) x;
    v_moves := v_moves || v_new;
  end if;

  if p_limit is not null then
    with recursive head as (
      (select t.lane_key, t.priority from @flow_task t where t.state = 2
       order by t.lane_key, t.priority, t.key limit 1)
      union all
      select n.lane_key, n.priority from head h cross join lateral (
        select t.lane_key, t.priority from @flow_task t where t.state = 2 and t.lane_key > h.lane_key
        order by t.lane_key, t.priority, t.key limit 1) n
    )
    select array_agg(l.key order by l.key), array_agg(l.queue_key order by l.key), array_agg(q.name order by l.key),
      array_agg(l.executor order by l.key), array_agg(h.priority order by l.key),
      array_agg(coalesce((v_last_flows ->> l.key::text)::bigint, -1) order by l.key),
      array_agg(true order by l.key), array_agg(null::bigint order by l.key)
    into l_key, l_queue, l_name, l_executor, l_priority, l_last, l_open, l_busy
    from head h join @lane l on l.key = h.lane_key join @queue q on q.key = l.queue_key
    where l.executor = any(v_executors) and (v_queues is null or q.name = any(v_queues)) and not q.paused
      and (q.concurrency is null or q.running < q.concurrency or q.key = any(v_freed));
    if p_limit = 0 and v_freed is null then v_more := l_key is not null; end if;
  end if;

  if v_freed is not null or v_left > 0 and l_key is not null then
    perform 1 from @runner r where r.key = v_runner and r.presence = 2 for key share;
    if not found then
      return query select 9, null::text, null::text, null::integer, null::integer, null::text, null::text, null::text, null::text, null::text,
        null::text, null::float8, null::float8, null::float8, null::float8, null::integer, null::float8, null::text;
      return;
    end if;
    perform 1 from @queue q where (q.key = any(v_freed) or v_left > 0 and q.key = any(l_queue)) and q.concurrency is not null
      order by q.key for no key update;
    if found and v_freed is not null then
      update @queue q set running = q.running - x.n
        from (select k, count(*)::integer as n from unnest(v_freed) as k group by k) x
        where q.key = x.k and q.concurrency is not null;
    end if;
    select array_agg(q.key order by q.key),
      array_agg(case when q.paused then 0 when q.concurrency is null then 1e9 else greatest(0, q.concurrency - q.running) end
        order by q.key),
      array_agg(q.concurrency is not null order by q.key), array_agg(0 order by q.key)
    into q_key, q_room, q_limited, q_taken
    from @queue q where q.key = any(l_queue);
    if p_limit = 0 then
      for i in 1 .. coalesce(cardinality(l_key), 0) loop
        v_more := v_more or q_room[array_position(q_key, l_queue[i])] > 0;
      end loop;
    end if;
  end if;

  while v_left > 0 loop
    v_i := null;
    for i in 1 .. coalesce(cardinality(l_key), 0) loop
      continue when not l_open[i];
      if v_i is null or l_priority[i] < l_priority[v_i]
        or l_priority[i] = l_priority[v_i] and l_key[i] > p_last_lane and l_key[v_i] <= p_last_lane
      then
        v_i := i;
      end if;
    end loop;
    exit when v_i is null;
    v_q := array_position(q_key, l_queue[v_i]);
    v_room := least(16, v_left, q_room[v_q]);
    if v_room <= 0 then
      l_open[v_i] := false;
      continue;
    end if;
    select t.key into v_from from @flow_task t
      where t.state = 2 and t.lane_key = l_key[v_i] and t.priority = l_priority[v_i]
        and t.key >= (l_last[v_i] + 1) * 1048576
      order by t.lane_key, t.priority, t.key limit 1;
    if not found then
      select t.key into v_from from @flow_task t
        where t.state = 2 and t.lane_key = l_key[v_i] and t.priority = l_priority[v_i]
        order by t.lane_key, t.priority, t.key limit 1;
    end if;
    if v_from is null then
      select t.priority into v_priority from @flow_task t where t.state = 2 and t.lane_key = l_key[v_i]
        order by t.lane_key, t.priority, t.key limit 1;
      l_open[v_i] := found;
      l_priority[v_i] := v_priority;
      continue;
    end if;
    v_flow := v_from >> 20;
    if v_flow = any(v_locked) then
      select f.id, f.owner, f.rev + 1 into v_flow_id, v_owner, v_rev from @flow f where f.key = v_flow;
    elsif cardinality(v_locked) = 0 and not (true = any(q_limited)) then
      select f.id, f.owner, f.rev + 1 into v_flow_id, v_owner, v_rev from @flow f where f.key = v_flow for no key update;
      v_locked := v_locked || v_flow;
    else
      select f.id, f.owner, f.rev + 1 into v_flow_id, v_owner, v_rev from @flow f where f.key = v_flow
        for no key update skip locked;
      if not found then
        v_more := true;
        l_last[v_i] := v_flow;
        if l_busy[v_i] = v_flow then l_open[v_i] := false; end if;
        l_busy[v_i] := coalesce(l_busy[v_i], v_flow);
        continue;
      end if;
      v_locked := v_locked || v_flow;
    end if;
    return query with next as materialized (
      select t.* from @flow_task t
      where t.state = 2 and t.lane_key = l_key[v_i] and t.priority = l_priority[v_i]
        and t.key >= v_from and t.key < (v_flow + 1) * 1048576
      order by t.lane_key, t.priority, t.key limit v_room
    ), archived as (
      insert into @attempt (task_key, fence, runner_key, started_at, ended_at, attempt_end, failure)
        select n.key, n.fence, n.runner_key, n.started_at, n.attempt_ended_at, n.attempt_end,
          case when n.attempt_end in (1, 2) then n.failure end
        from next n where n.fence > 0
    ), claimed as (
      update @flow_task t
      set state = 3, attempt = n.attempt + 1, fence = n.fence + 1, runner_key = v_runner, tick = p_tick,
        started_at = p_now, attempt_end = null, attempt_ended_at = null, rev = v_rev
      from next n where t.key = n.key
    )
    select 0, v_flow_id, n.id, n.fence + 1, n.attempt + 1, v_owner, l_name[v_i], l_executor[v_i], s.config, s.input,
      s.needs, s.retries, s.backoff_ms, s.max_backoff_ms, s.timeout_ms, l_key[v_i], v_flow::float8,
      case when n.fence > 0 then @resume_of(n.key) end
    from next n join @flow_task_spec s on s.task_key = n.key;
    get diagnostics v_got = row_count;
    l_last[v_i] := v_flow;
    continue when v_got = 0;
    l_busy[v_i] := null;
    p_last_lane := l_key[v_i];
    v_left := v_left - v_got;
    q_room[v_q] := q_room[v_q] - v_got;
    q_taken[v_q] := q_taken[v_q] + v_got;
    v_moves := v_moves || row(v_flow, 2, 3, v_got)::@move;
  end loop;

  if p_limit > 0 then
    for i in 1 .. coalesce(cardinality(l_key), 0) loop
      exit when v_more;
      continue when not l_open[i] or q_room[array_position(q_key, l_queue[i])] <= 0;
      v_more := exists (select 1 from @flow_task t where t.state = 2 and t.lane_key = l_key[i]);
    end loop;
    if true = any(q_limited) then
      update @queue q set running = q.running + x.n
        from unnest(q_key, q_taken, q_limited) as x(key, n, limited)
        where q.key = x.key and x.limited and x.n > 0;
    end if;
  end if;

  if cardinality(v_moves) > 0 then
    v_wrote := true;
    return query select 3, c.flow_id, null::text, c.flow_rev, c.flow_ended::integer, null::text, null::text, null::text,
        null::text, null::text, null::text, null::float8, null::float8, null::float8, null::float8, null::integer, null::float8, null::text
      from @close_flows(v_moves, '{}', v_fatal, v_fast, 2, p_now) c;
    select t.available_at into v_due from @flow_task t where t.available_at is not null order by t.available_at limit 1;
  end if;
  return query select 2, f.id, t.id, t.fence, null::integer, null::text, null::text, null::text, null::text, null::text,
      null::text, null::float8, null::float8, null::float8, null::float8, null::integer, null::float8, null::text
    from @flow_task t join @flow f on f.key = t.flow_key
    where t.runner_key = v_runner and t.attempt_end is null and t.state = 7;
  return query select 4, null::text, null::text, v_wrote::integer, v_more::integer, null::text, null::text, null::text,
    null::text, null::text, null::text, v_due, null::float8, null::float8, null::float8, null::integer, null::float8, null::text;
end $$;
