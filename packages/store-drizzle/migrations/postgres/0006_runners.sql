-- The tasks that a runner holds: those that it was given and that have not ended there. What stands in `held` and is not
-- true any more does not count.
create function @held_by(p_runner integer)
  returns setof bigint language plpgsql stable
as $$
declare
  v_keys bigint[] := array(select k from @held h cross join unnest(h.task_keys) as k where h.runner_key = p_runner);
begin
  return query select t.key from @flow_task t
    where t.key = any(v_keys) and t.runner_key = p_runner and t.attempt_end is null;
end $$;
--> statement-breakpoint

-- How many tasks of a queue are held, by whomever.
create function @running_in(p_queue integer)
  returns integer language plpgsql stable
as $$
declare
  v_lanes integer[] := array(select l.key from @lane l where l.queue_key = p_queue);
  v_keys bigint[] := array(select k from @held h cross join unnest(h.task_keys) as k);
begin
  return (select count(*) from @flow_task t
    where t.key = any(v_keys) and t.lane_key = any(v_lanes) and t.attempt_end is null);
end $$;
--> statement-breakpoint

-- The runner runs nothing more: it is forgotten once it holds nothing, and until then to be taken over.
create function @leave_runner(p_runner integer)
  returns void language plpgsql
as $$
declare
  v_holds boolean := exists (select 1 from @held_by(p_runner));
begin
  update @runner r set presence = v_holds::integer where r.key = p_runner and r.presence > 0;
  if v_holds then return; end if;
  delete from @held h where h.runner_key = p_runner;
  delete from @stop_request s where s.runner_key = p_runner;
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
  v_keys := array(select k from @held_by(v_dead) as k order by k limit p_limit);
  perform 1 from @flow f where f.key = any(array(select distinct k >> 20 from unnest(v_keys) k)) order by f.key for no key update;
  if v_keys <> '{}' then insert into @held (runner_key, task_keys) values (v_by, v_keys); end if;
  update @stop_request s set runner_key = v_by where s.runner_key = v_dead and s.task_key = any(v_keys);
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
