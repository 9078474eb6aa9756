-- `settle` for all attempts that did not plainly succeed, and for those of cancelled tasks.
create function @settle_otherwise(p_runner integer, p_now double precision, p_flows bigint[], p_revs integer[],
    p_keys bigint[], p_fences integer[], p_ends smallint[], p_outputs text[], p_queues integer[], p_failures text[],
    p_available_at double precision[], p_unspent boolean[], p_asks text, out accepted integer[], out wrote boolean,
    out freed integer[], out moves bigint[], out ended bigint[])
  language plpgsql
as $$
declare
  v_cancelled bigint[];
  v_ended bigint[];
  v_again bigint[];
  v_fatal bigint[];
  v_told record;
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
      output = case when g.end_as < 2 and t.state <> 7 then g.output end,
      ended_at = case when g.end_as < 2 and t.state <> 7 then p_now else t.ended_at end,
      rev = case when t.state = 7 then t.rev else @next_rev(p_flows, p_revs, t.flow_key) end
    from unnest(p_keys, p_fences, p_queues, p_ends, p_outputs, p_failures, p_available_at, p_unspent) with ordinality
      as g(key, fence, queue_key, end_as, output, failure, available_at, unspent, n)
    where t.key >= g.key and t.key <= g.key and t.runner_key = p_runner and t.fence = g.fence and t.attempt_end is null
      and (g.end_as <> 5 or t.state = 7)
    returning t.key, t.state, t.allow_failure, t.dependents is not null as leads_on, g.queue_key, g.end_as, g.n
  )
  select count(*) > 0, array_agg(n::integer) filter (where state <> 7 or end_as = 5),
    array_agg(queue_key) filter (where queue_key is not null),
    array_agg(@move(key, 3, state)) filter (where state <> 7), array_agg(key) filter (where state in (5, 6) and leads_on),
    array_agg(key) filter (where state in (1, 2, 4)), array_agg(key) filter (where state = 6 and not allow_failure),
    array_agg(key) filter (where state = 7)
  into wrote, accepted, freed, moves, v_ended, v_again, v_fatal, v_cancelled from done;
  if v_cancelled is not null then
    delete from @stop_request s where s.runner_key = p_runner and s.task_key = any(v_cancelled);
  end if;
  if p_asks is not null then moves := moves || @ask(p_asks, p_keys, accepted); end if;
  if v_again is not null then perform @put_back(v_again); end if;
  if v_ended is not null then
    v_told := @propagate(p_flows, p_revs, v_ended, p_now);
    moves := moves || v_told.moves;
    perform @list_ready(v_told.ready, v_told.lanes, v_told.priorities);
  end if;
  if v_fatal is not null then
    moves := moves || array(select @move(k, 15, 9) from unnest(v_fatal) as k);
    ended := array(
      select f.key from @flow f
      where f.key = any(array(select k >> 20 from unnest(v_fatal) as k)) and f.fail_fast);
    moves := moves || @cancel_rest(p_flows, p_revs, ended, p_now);
  end if;
end $$;
--> statement-breakpoint

-- Ends attempts that p_runner holds, and lets everything follow that is decided by that. Arrays lie side by side, by key, so
-- that width_bucket finds the place of a task; one that says nothing may be empty. p_flows, p_revs: see next_rev. p_ends: codes of END; p_queues: the queue of the task, if that
-- has a limit; p_unspent: the attempt does not count;
-- p_are_distinct: no attempt is there twice, or else the first that fits counts; p_outputs: those that are short; p_long: a JSON array of the others, by
-- place; p_asks: see ask. accepted: the places of attempts that ended, those of cancelled ones left out. freed: a limited
-- queue for every slot. ended: flows that a failure ended at once. ready, lanes, priorities: what is to be listed by the caller.
create function @settle(p_runner integer, p_now double precision, p_flows bigint[], p_revs integer[], p_keys bigint[],
    p_fences integer[], p_ends smallint[], p_outputs text[], p_queues integer[], p_failures text[],
    p_available_at double precision[], p_unspent boolean[], p_are_distinct boolean, p_asks text, p_long text,
    out accepted integer[],
    out wrote boolean, out freed integer[], out moves bigint[], out ended bigint[], out ready bigint[], out lanes integer[],
    out priorities double precision[])
  language plpgsql
as $$
declare
  v_children bigint[];
  v_told record;
  v_rest record;
begin
  with done as (
    update @flow_task t
    set state = 5, attempt_end = 0, attempt_ended_at = p_now, ended_at = p_now, progress = null, failure = null,
      output = p_outputs[width_bucket(t.key, p_keys)], rev = @next_rev(p_flows, p_revs, t.flow_key)
    where p_are_distinct and t.key = any(p_keys) and t.runner_key = p_runner and t.state = 3
      and t.fence = p_fences[width_bucket(t.key, p_keys)] and p_ends[width_bucket(t.key, p_keys)] = 0
    returning t.key, t.dependents
  )
  select (select array_agg((d.key >> 20 << 20) + i) from done d cross join unnest(d.dependents) as i),
    array_agg(width_bucket(key, p_keys)), array_agg(@move(key, 3, 5))
  into v_children, accepted, moves from done;
  wrote := accepted is not null;
  if p_queues <> '{}' then
    freed := array(select p_queues[n] from unnest(accepted) as n where p_queues[n] is not null);
  end if;
  if v_children is not null then
    v_told := @tell(p_flows, p_revs, v_children, '{}', p_now);
    moves := moves || v_told.moves;
    ready := v_told.ready;
    lanes := v_told.lanes;
    priorities := v_told.priorities;
    if v_told.skipped is not null then
      v_rest := @propagate(p_flows, p_revs, v_told.skipped, p_now);
      moves := moves || v_rest.moves;
      ready := ready || v_rest.ready;
      lanes := lanes || v_rest.lanes;
      priorities := priorities || v_rest.priorities;
    end if;
  end if;
  if cardinality(accepted) is distinct from cardinality(p_keys) then
    perform @list_ready(ready, lanes, priorities);
    ready := null;
    v_rest := @settle_otherwise(p_runner, p_now, p_flows, p_revs, p_keys, p_fences, p_ends, p_outputs, p_queues, p_failures,
      p_available_at, p_unspent, p_asks);
    wrote := wrote or v_rest.wrote;
    accepted := accepted || v_rest.accepted;
    freed := freed || v_rest.freed;
    moves := moves || v_rest.moves;
    ended := v_rest.ended;
  end if;
  if p_long is not null then
    insert into @output (task_key, json)
      select p_keys[x.n], x.o from json_to_recordset(p_long::json) as x(n integer, o text)
      where x.n = any(accepted) and p_ends[x.n] < 2;
  end if;
end $$;
