-- FlowStore.pruneFlows: a row for every flow that is gone, and one without a flow that tells whether there is more.
-- What is left of flows that went before goes first. Nothing waits for a lock.
create function @prune_flows(p_now double precision, p_retention_ms double precision, p_limit integer)
  returns table (flow_id text, more boolean) language plpgsql
  set jit = off set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
  v_left integer := p_limit;
  v_gone record;
  v_keys bigint[];
  v_count integer;
begin
  for v_gone in
    select p.key, p.id, p.key * 1048576 as first_key, (p.key + 1) * 1048576 as end_key
    from @pruned_flow p order by p.key limit p_limit for update skip locked
  loop
    return query select v_gone.id, null::boolean;
    delete from @attempt a using (
      select o.task_key, o.fence from @attempt o
      where o.task_key >= v_gone.first_key and o.task_key < v_gone.end_key
      order by o.task_key, o.fence limit v_left
    ) o where a.task_key = o.task_key and a.fence = o.fence;
    get diagnostics v_count = row_count;
    v_left := v_left - v_count;
    exit when v_left = 0;
    v_keys := array(select t.key from @flow_task t
      where t.key >= v_gone.first_key and t.key < v_gone.end_key order by t.key limit v_left);
    delete from @flow_task_spec s where s.task_key = any(v_keys);
    delete from @output o where o.task_key = any(v_keys);
    delete from @input i where i.task_key = any(v_keys);
    delete from @saved s where s.task_key = any(v_keys);
    delete from @flow_task t where t.key = any(v_keys);
    v_left := v_left - cardinality(v_keys);
    exit when v_left = 0;
    delete from @pruned_flow p where p.key = v_gone.key;
  end loop;
  if v_left = 0 then
    return query select null::text, true;
    return;
  end if;
  return query with over as materialized (
    select f.key, f.id from @flow f
    where f.ended_at <= p_now - p_retention_ms and f.created_at + coalesce(f.ttl_ms, 0) <= p_now
      and (f.cancelled = 0 or not exists (
        select 1 from @flow_task t
        where t.flow_key = f.key and t.runner_key is not null and t.attempt_end is null
      ))
    order by f.ended_at limit v_left for update of f skip locked
  ), hidden as (
    delete from @flow f using over o where f.key = o.key
  )
  insert into @pruned_flow (key, id) select o.key, o.id from over o returning id, null::boolean;
  get diagnostics v_count = row_count;
  return query select null::text, v_count > 0;
end $$;
