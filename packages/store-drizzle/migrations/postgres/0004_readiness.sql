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
  insert into @ready_task (lane_key, priority, task_key) select lane_key, priority, key from task where state = 2;
end $$;
--> statement-breakpoint

-- Makes tasks ready that are delayed or wait. p_flows, p_revs: see next_rev.
create function @make_ready(p_flows bigint[], p_revs integer[], p_keys bigint[])
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
    set state = 2, available_at = null, rev = @next_rev(p_flows, p_revs, t.flow_key)
    from unnest(p_keys) as x(key) where t.key >= x.key and t.key <= x.key
    returning t.key, t.lane_key, t.priority
  )
  insert into @ready_task (lane_key, priority, task_key) select lane_key, priority, key from ready;
  return v_moves;
end $$;
--> statement-breakpoint

-- Makes tasks ready whose time has come, as many as one tick can claim; what a waiting one still asked for is closed.
-- Flows that another transaction has locked are left out. flows, revs: those that are locked already, and then more.
create function @promote(p_now double precision, inout flows bigint[], inout revs integer[], out moves bigint[])
  language plpgsql
as $$
declare
  v_due bigint[] := array(
    select d.task_key from @due_task d where d.available_at <= p_now order by d.available_at, d.task_key limit 1000);
  v_flows bigint[];
  v_revs integer[];
begin
  select array_agg(x.key), array_agg(x.rev + 1) into v_flows, v_revs from (
    select f.key, f.rev from @flow f
    where f.key = any(array(select distinct k >> 20 from unnest(v_due) k)) and f.key <> all(flows)
    order by f.key for no key update skip locked) x;
  flows := flows || v_flows;
  revs := revs || v_revs;
  v_due := array(
    select t.key from unnest(v_due) as x(key) join @flow_task t on t.key >= x.key and t.key <= x.key
    where t.available_at <= p_now and t.key >> 20 = any(flows));
  update @input i set is_open = false from unnest(v_due) as x(key)
    where i.task_key >= x.key and i.task_key <= x.key and i.is_open;
  moves := @make_ready(flows, revs, v_due);
end $$;
