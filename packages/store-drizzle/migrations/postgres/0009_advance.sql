-- WorkStore.advance. s_...: the settlements (see settle), and the flows of their tasks. p_limit: null for no claim. p_turn: see claimTurn of @tasked/core.
-- p_last_...: whose turn it was last. p_reuse, p_empty: rows of `held` of which nothing is held any more: one to be used
-- again, others to be deleted. Rows: the attempts that were claimed, by key, and a last one whose `rest` tells all else, such
-- as the `order` in which they were claimed, if that is another; none when the runner is lost. Lock order: runner, flows by key, queues by key; after that nothing waits. A tick that changes nothing
-- locks nothing.
create function @advance(p_runner text, p_now double precision, p_tick integer, s_flows bigint[], s_keys bigint[],
    s_fences integer[], s_ends smallint[], s_outputs text[], s_queues integer[], s_failures text[],
    s_available_at double precision[], s_unspent boolean[], s_are_distinct boolean, s_asks text, s_long text,
    p_limit integer, p_turn integer, p_executors text[],
    p_queues text[], p_last_lane integer, p_last_lanes integer[], p_last_flows bigint[], p_reuse bigint, p_empty bigint[])
  returns table (rest text, key double precision, task_id text, fence integer, attempt integer, lane integer, config text,
    input text, needs text, retries double precision, backoff_ms double precision, max_backoff_ms double precision,
    timeout_ms double precision, resume text) language plpgsql
as $$
#variable_conflict use_column
declare
  v_runner integer;
  v_is_locked boolean := s_keys <> '{}';
  v_flows bigint[] := '{}';
  v_revs integer[] := '{}';
  v_settled record;
  v_ready bigint[];
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
  v_keys bigint[] := '{}';
  v_held bigint;
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
    select array_agg(x.key), array_agg(x.rev + 1) into v_flows, v_revs from (
      select f.key, f.rev from @flow f where f.key = any(s_flows) order by f.key for no key update) x;
    v_settled := @settle(v_runner, p_now, v_flows, v_revs, s_keys, s_fences, s_ends, s_outputs, s_queues, s_failures,
      s_available_at, s_unspent, s_are_distinct, s_asks, s_long);
    if cardinality(v_settled.accepted) is distinct from cardinality(s_keys) then
      v_rejected := array(
        select n from generate_series(1, cardinality(s_keys)) as n except select unnest(v_settled.accepted) order by 1);
    end if;
    v_flows := coalesce(v_flows, '{}');
    v_revs := coalesce(v_revs, '{}');
    v_ended := coalesce(v_settled.ended, '{}');
    v_moves := coalesce(v_settled.moves, '{}');
    v_wrote := v_settled.wrote;
    v_freed := coalesce(v_settled.freed, '{}');
    v_ready := v_settled.ready;
  end if;

  select d.available_at into v_due from @due_task d order by d.available_at, d.task_key limit 1;
  if v_due <= p_now then
    if not v_is_locked then
      perform 1 from @runner r where r.key = v_runner and r.presence + 0 = 2 for key share;
      if not found then return; end if;
      v_is_locked := true;
    end if;
    v_promoted := @promote(p_now, v_flows, v_revs);
    v_flows := v_promoted.flows;
    v_revs := v_promoted.revs;
    v_moves := v_moves || v_promoted.moves;
    select d.available_at into v_due from @due_task d order by d.available_at, d.task_key limit 1;
  end if;

  if v_ready is not null then
    v_keys := @hand_over(v_ready, v_settled.lanes, v_settled.priorities, p_limit, p_executors, p_queues);
    v_more := cardinality(v_keys) > 0 and cardinality(v_keys) < cardinality(v_ready);
  end if;

  if p_limit is not null and v_keys = '{}' then
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
    v_taken := @take(v_lanes, p_limit, p_turn, p_last_lane, v_queues, v_flows, v_revs, v_room);
    v_more := v_taken.more;
    v_keys := v_taken.keys;
    v_flows := v_taken.flows;
    v_revs := v_taken.revs;
    if v_queues is not null then
      update @queue q set running = q.running + (x.had - x.has)::integer
        from unnest(v_queues, v_room, v_taken.room) as x(key, had, has)
        where q.key >= x.key and q.key <= x.key and x.had > x.has;
    end if;
  end if;

  if v_keys <> '{}' then
    return query with started as (
      update @flow_task t
      set state = 3, attempt = t.attempt + 1, fence = t.fence + 1, runner_key = v_runner, tick = p_tick, started_at = p_now,
        attempt_end = null, attempt_ended_at = null, rev = @next_rev(v_flows, v_revs, t.flow_key)
      where t.key = any(v_keys)
      returning t.id, t.fence, t.attempt, t.lane_key, t.key
    )
    select null::text, r.key::double precision, r.id, r.fence, r.attempt, r.lane_key, s.config, s.input, s.needs,
      s.retries, s.backoff_ms, s.max_backoff_ms, s.timeout_ms, case when r.fence > 1 then @resume_of(r.key) end
    from started r join @flow_task_spec s on s.task_key >= r.key and s.task_key <= r.key;
    v_moves := v_moves || array(select @move(k, 2, 3) from unnest(v_keys) as k);
    v_held := @hold(v_runner, v_keys, p_reuse);
  end if;
  if p_empty <> '{}' then delete from @held h where h.runner_key = v_runner and h.key = any(p_empty); end if;

  if v_moves <> '{}' then
    select json_agg(json_build_array(c.flow_key, c.flow_id, c.flow_owner, c.flow_rev, c.flow_ended)) into v_changed
      from @close_flows(v_moves, v_ended, 2, p_now) c;
  end if;
  if exists (select 1 from @stop_request s where s.runner_key = v_runner) then
    select json_agg(json_build_array((select f.id from @flow f where f.key = t.flow_key), t.id, t.fence)) into v_stop
      from @stop_request s join @flow_task t on t.key >= s.task_key and t.key <= s.task_key
      where s.runner_key = v_runner;
  end if;
  return query select json_build_object(
      'rejected', v_rejected, 'stop', v_stop, 'changed', v_changed, 'more', v_more, 'due', v_due,
      'wrote', v_wrote or v_moves <> '{}', 'held', v_held,
      'order', case when v_keys <> array(select k from unnest(v_keys) as k order by k) then v_keys end)::text,
    null::float8, null::text, null::integer, null::integer, null::integer, null::text, null::text, null::text,
    null::float8, null::float8, null::float8, null::float8, null::text;
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
      'advance', 'held_by', 'running_in')
  loop
    execute format('alter function %s set plan_cache_mode = force_generic_plan', v_function);
    execute format('alter function %s set join_collapse_limit = 1 set from_collapse_limit = 1', v_function);
    foreach v_setting in array array['jit', 'enable_seqscan', 'enable_bitmapscan', 'enable_indexonlyscan',
      'enable_hashjoin', 'enable_mergejoin', 'enable_material', 'enable_memoize'] loop
      execute format('alter function %s set %I = off', v_function, v_setting);
    end loop;
  end loop;
end $$;
