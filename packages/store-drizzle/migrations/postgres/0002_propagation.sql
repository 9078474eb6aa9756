-- Takes open dependencies from tasks, an element of each array for one that succeeded (0), failed (1) or was skipped
-- (2). Tasks of which it was the last are ready, to be listed by the caller, or skipped. p_flows, p_revs: see next_rev.
create function @tell(p_flows bigint[], p_revs integer[], p_keys bigint[], p_verdicts integer[], p_now double precision,
    out moves bigint[], out skipped bigint[], out ready bigint[], out lanes integer[], out priorities double precision[])
  language plpgsql
as $$
begin
  -- Mostly each task is told of one success.
  if p_verdicts = '{}'
    and (cardinality(p_keys) = 1 or cardinality(p_keys) = (select count(distinct k) from unnest(p_keys) as k))
  then
    with told as (
      update @flow_task t
      set open = t.open - 1,
        state = case when t.open = 1 then least(8, @fate(0, t.failed, t.skipped, t.rule)) else 0 end,
        cause = case when t.open = 1 then nullif(greatest(7, @fate(0, t.failed, t.skipped, t.rule)), 7) - 8 end,
        ended_at = case when t.open = 1 and @fate(0, t.failed, t.skipped, t.rule) >= 8 then p_now end,
        rev = case when t.open = 1 then @next_rev(p_flows, p_revs, t.flow_key) else t.rev end
      where t.key = any(p_keys) and t.state = 0
      returning t.key, t.state, t.lane_key, t.priority
    )
    select array_agg(@move(key, 0, state)) filter (where state <> 0), array_agg(key) filter (where state = 8),
      array_agg(key) filter (where state = 2), array_agg(lane_key) filter (where state = 2),
      array_agg(priority) filter (where state = 2)
    into moves, skipped, ready, lanes, priorities from told;
    return;
  end if;
  with told as (
    update @flow_task t
    set open = t.open - e.n, failed = t.failed + e.bad, skipped = t.skipped + e.skip,
      state = least(8, @fate(t.open - e.n, t.failed + e.bad, t.skipped + e.skip, t.rule)),
      cause = nullif(greatest(7, @fate(t.open - e.n, t.failed + e.bad, t.skipped + e.skip, t.rule)), 7) - 8,
      ended_at = case when @fate(t.open - e.n, t.failed + e.bad, t.skipped + e.skip, t.rule) >= 8 then p_now end,
      rev = case when t.open > e.n then t.rev else @next_rev(p_flows, p_revs, t.flow_key) end
    from (
      select key, count(*)::integer as n, count(*) filter (where verdict = 1)::integer as bad,
        count(*) filter (where verdict = 2)::integer as skip
      from unnest(p_keys, p_verdicts) as x(key, verdict) group by key
    ) e
    where t.key >= e.key and t.key <= e.key and t.state = 0
    returning t.key, t.state, t.lane_key, t.priority
  )
  select array_agg(@move(key, 0, state)) filter (where state <> 0), array_agg(key) filter (where state = 8),
    array_agg(key) filter (where state = 2), array_agg(lane_key) filter (where state = 2),
    array_agg(priority) filter (where state = 2)
  into moves, skipped, ready, lanes, priorities from told;
end $$;
--> statement-breakpoint

-- Lists tasks that have become ready. The arrays lie side by side.
create function @list_ready(p_keys bigint[], p_lanes integer[], p_priorities double precision[])
  returns void language plpgsql
as $$
begin
  insert into @ready_task (lane_key, priority, task_key) select l, p, k from unnest(p_lanes, p_priorities, p_keys) as x(l, p, k);
end $$;
--> statement-breakpoint

-- Tells the dependents of tasks that have ended, and those of what is skipped by that. What becomes ready is to be
-- listed by the caller. p_flows, p_revs: see next_rev.
create function @propagate(p_flows bigint[], p_revs integer[], p_keys bigint[], p_now double precision,
    out moves bigint[], out ready bigint[], out lanes integer[], out priorities double precision[])
  language plpgsql
as $$
declare
  v_children bigint[];
  v_verdicts integer[];
  v_told record;
begin
  while p_keys is not null loop
    select array_agg((t.flow_key << 20) + i), array_agg(case
        when t.state = 5 or t.state = 6 and t.allow_failure then 0 when t.state = 6 or t.cause = 0 then 1 else 2 end)
    into v_children, v_verdicts
    from unnest(p_keys) as x(key) join @flow_task t on t.key >= x.key and t.key <= x.key
      cross join unnest(t.dependents) as i;
    exit when v_children is null;
    v_told := @tell(p_flows, p_revs, v_children, v_verdicts, p_now);
    moves := moves || v_told.moves;
    ready := ready || v_told.ready;
    lanes := lanes || v_told.lanes;
    priorities := priorities || v_told.priorities;
    p_keys := v_told.skipped;
  end loop;
end $$;
--> statement-breakpoint

-- Cancels every task of the flows p_ending that has not ended. p_flows, p_revs: see next_rev.
create function @cancel_rest(p_flows bigint[], p_revs integer[], p_ending bigint[], p_now double precision)
  returns bigint[] language plpgsql
as $$
declare
  v_moves bigint[];
begin
  with rest as materialized (
    select t.key, t.flow_key, t.state, t.lane_key, t.priority, t.available_at, t.runner_key
    from unnest(p_ending) as x(key) join @flow_task t on t.key >= x.key << 20 and t.key < x.key + 1 << 20
    where t.state <= 4
  ), cancelled as (
    update @flow_task t
    set state = 7, ended_at = p_now, available_at = null, progress = null,
      rev = @next_rev(p_flows, p_revs, t.flow_key)
    from rest r where t.key >= r.key and t.key <= r.key
  ), unlisted as (
    delete from @ready_task x where x.ctid = any(array(
      select (select w.ctid from @ready_task w
        where w.lane_key = r.lane_key and w.priority = r.priority and w.task_key = r.key)
      from rest r where r.state = 2))
  ), undelayed as (
    delete from @due_task x where x.ctid = any(array(
      select (select d.ctid from @due_task d where d.available_at = r.available_at and d.task_key = r.key)
      from rest r where r.available_at is not null))
  ), stopping as (
    insert into @stop_request (runner_key, task_key) select runner_key, key from rest where state = 3
  )
  select array_agg(@move(key, state, 7)) into v_moves from rest;
  return v_moves;
end $$;
