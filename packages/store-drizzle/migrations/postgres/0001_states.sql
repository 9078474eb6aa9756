-- `@` before a name stands for the schema. No function sets its search path: that would have its plans checked anew
-- at every call.
--
-- A plan must be good whatever the statistics say, and stay so while tables grow from nothing to millions of rows. The
-- functions that are called from outside pin how PostgreSQL plans. Rows are joined by `>=` and `<=` instead of `=`, or
-- looked up by a scalar subquery: there is one way to do that, through the index, and no planner turns it round. What
-- could lead it to another index is written so that it does not (`presence + 0`).
-- What a tick of one task costs is the number of nodes in its plans: statements are few and plain.
--
-- Rows that change often leave room for their next versions beside them: two in flow_task, of which the first goes when no
-- tick under way can see it any more. No index of flow_task is on a column that changes, so that no index is written with a
-- new version; ready_task and due_task are as long as there is work. What is held is written too often to be compressed.
alter table @flow_task set (fillfactor = 30, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
alter table @flow set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
alter table @ready_task set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
alter table @due_task set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
alter table @held set (fillfactor = 20, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
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

-- The rev that a flow has after this transaction. p_flows, p_revs: the flows that it has locked, and that rev of each.
create function @next_rev(p_flows bigint[], p_revs integer[], p_flow bigint)
  returns integer language sql immutable
as $$ select p_revs[array_position(p_flows, p_flow)] $$;
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

-- Holds what a runner was given, in its row p_reuse, of which nothing is held any more, or in a new one: which.
create function @hold(p_runner integer, p_keys bigint[], p_reuse bigint)
  returns bigint language plpgsql
as $$
declare
  v_held bigint;
begin
  if p_reuse is not null then
    update @held h set task_keys = p_keys where h.runner_key = p_runner and h.key = p_reuse returning h.key into v_held;
  end if;
  if v_held is null then
    insert into @held (runner_key, task_keys) values (p_runner, p_keys) returning key into v_held;
  end if;
  return v_held;
end $$;
--> statement-breakpoint

-- Writes what a transaction did to its flows: counts, one more rev, the end. p_ended: flows that end as p_ended_as
-- whatever their counts say.
create function @close_flows(p_moves bigint[], p_ended bigint[], p_ended_as integer, p_now double precision)
  returns table (flow_id text, flow_rev integer, flow_ended boolean, flow_key bigint, flow_owner text) language plpgsql
as $$
declare
  v_flow bigint := p_moves[1] >> 8;
  v_move bigint;
  v_count integer[] := array_fill(0, array[16]);
  v_is_short boolean := cardinality(p_moves) <= 16;
begin
  -- Mostly a few tasks of one flow moved: adding that up here takes less than to start a statement that groups.
  if v_is_short then
    foreach v_move in array p_moves loop
      v_is_short := v_is_short and v_move >> 8 = v_flow;
      v_count[(v_move >> 4 & 15) + 1] := v_count[(v_move >> 4 & 15) + 1] - 1;
      v_count[(v_move & 15) + 1] := v_count[(v_move & 15) + 1] + 1;
    end loop;
  end if;
  if v_is_short then
    return query update @flow f
    set rev = f.rev + 1, fatal_count = f.fatal_count + v_count[10],
      state = @flow_state(f.state, case when v_flow = any(p_ended) then p_ended_as else 0 end, f.blocked + f.delayed
        + f.ready + f.running + f.waiting + v_count[1] + v_count[2] + v_count[3] + v_count[4] + v_count[5],
        f.fatal_count + v_count[10]),
      ended_at = case when f.state = 0 and (v_flow = any(p_ended) or f.blocked + f.delayed + f.ready + f.running
        + f.waiting + v_count[1] + v_count[2] + v_count[3] + v_count[4] + v_count[5] = 0) then p_now else f.ended_at end,
      blocked = f.blocked + v_count[1], delayed = f.delayed + v_count[2], ready = f.ready + v_count[3],
      running = f.running + v_count[4], waiting = f.waiting + v_count[5], succeeded = f.succeeded + v_count[6],
      failed = f.failed + v_count[7], cancelled = f.cancelled + v_count[8], skipped = f.skipped + v_count[9]
    where f.key = v_flow
    returning f.id, f.rev, f.state <> 0, f.key, f.owner;
    return;
  end if;
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
  returning f.id, f.rev, f.state <> 0, f.key, f.owner;
end $$;
