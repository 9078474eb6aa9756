-- A lane with ready work, none of which has a lower priority. last_flow: the flow of it that was served last, or 0.
-- busy_turns: how many turns gave nothing, because others have them, since the lane gave anything; busy_flow: where the
-- first of them began.
create type @open_lane as (key integer, queue_key integer, priority double precision, last_flow bigint,
  busy_turns integer, busy_flow bigint);
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
    select w.lane_key, w.priority into v_key, v_priority from @ready_task w
      where w.lane_key > v_key order by w.lane_key, w.priority, w.task_key limit 1;
    exit when not found;
    select l.executor, q.* into v_queue from @lane l join @queue q on q.key >= l.queue_key and q.key <= l.queue_key
      where l.key = v_key;
    continue when v_queue.executor <> all(p_executors) or v_queue.name <> all(p_queues) or v_queue.paused
      or v_queue.running >= v_queue.concurrency and v_queue.key <> all(coalesce(p_freed, '{}'));
    lanes := lanes || row(v_key, v_queue.key, v_priority,
      coalesce(p_last_flows[array_position(p_last_lanes, v_key)], 0), 0, null)::@open_lane;
    if v_queue.concurrency is not null then limited := limited || v_queue.key; end if;
  end loop;
end $$;
--> statement-breakpoint

-- Ready tasks of a lane, at most p_quota of each flow: first of the flow p_from, if it has any, then of those after it, below
-- p_below; p_limit at most.
create function @turns(p_lane @open_lane, p_from bigint, p_below bigint, p_limit integer, p_quota integer)
  returns bigint[] language plpgsql
as $$
begin
  return array(
    with recursive turn as (
      select 1 as n, (
        select w.task_key from @ready_task w
        where w.lane_key = p_lane.key and w.priority = p_lane.priority
          and w.task_key >= p_from << 20 and w.task_key < p_below << 20
        order by w.lane_key, w.priority, w.task_key limit 1) as first
      union all
      select t.n + 1, (
        select w.task_key from @ready_task w
        where w.lane_key = p_lane.key and w.priority = p_lane.priority
          and w.task_key >= (t.first >> 20) + 1 << 20 and w.task_key < p_below << 20
        order by w.lane_key, w.priority, w.task_key limit 1)
      from turn t where t.first is not null and t.n < p_limit
    )
    select x.task_key from turn t cross join lateral (
      select w.task_key from @ready_task w
      where w.lane_key = p_lane.key and w.priority = p_lane.priority
        and w.task_key >= t.first and w.task_key < (t.first >> 20) + 1 << 20
      order by w.lane_key, w.priority, w.task_key limit p_quota) x
    limit p_limit);
end $$;
--> statement-breakpoint

-- Up to p_limit ready tasks of a lane, as its flows take turns of at most p_turn, beginning after the flow that was
-- served last.
create function @in_turn(p_lane @open_lane, p_limit integer, p_turn integer)
  returns bigint[] language plpgsql
as $$
declare
  v_next bigint := p_lane.last_flow + 1;
  v_end bigint := 1::bigint << 33;
  v_found bigint[];
  v_before integer;
begin
  v_found := @turns(p_lane, v_next, v_end, p_limit, p_turn);
  v_found := v_found || @turns(p_lane, 0, v_next, p_limit - cardinality(v_found), p_turn);
  v_before := cardinality(v_found);
  if v_before >= p_limit or v_before < p_turn then return v_found; end if;
  -- Flows so few that they have several turns.
  v_found := @turns(p_lane, v_next, v_end, 2147483647, p_limit) || @turns(p_lane, 0, v_next, 2147483647, p_limit);
  if cardinality(v_found) = v_before or v_found[1] >> 20 = v_found[cardinality(v_found)] >> 20 then
    return v_found[: p_limit];
  end if;
  return array(
    select x.k from (
      select k, n, row_number() over (partition by k >> 20 order by n) - 1 as i from unnest(v_found) with ordinality as f(k, n)
    ) x order by x.i / p_turn, x.n limit p_limit);
end $$;
--> statement-breakpoint

-- Takes up to p_limit ready tasks: lowest priority first, lanes in turn, flows of a lane in turn, at most p_turn
-- tasks a turn.
-- p_queues, room: the limited queues, which are locked, and how many tasks they may still give. flows, revs: see next_rev;
-- more of them, when it had to lock some. Waits for a lock only when it holds none. more: it could have taken more.
create function @take(p_lanes @open_lane[], p_limit integer, p_turn integer, p_last_lane integer, p_queues integer[],
    inout flows bigint[], inout revs integer[], inout room double precision[], out keys bigint[], out more boolean)
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
  v_locked bigint[];
  v_revs integer[];
  v_got bigint[];
  v_after bigint;
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
      select w.task_key from @ready_task w
      where w.lane_key = v_lane.key and w.priority = v_lane.priority and w.task_key >= v_lane.last_flow + 1 << 20
      order by w.lane_key, w.priority, w.task_key limit least(p_turn, v_room));
    if cardinality(v_turn) < least(p_turn, v_room) then
      v_turn := v_turn || array(
        select w.task_key from @ready_task w
        where w.lane_key = v_lane.key and w.priority = v_lane.priority and w.task_key < v_lane.last_flow + 1 << 20
        order by w.lane_key, w.priority, w.task_key limit least(p_turn, v_room) - cardinality(v_turn));
    end if;
    v_is_dry := v_turn = '{}' or v_equals = 1 and cardinality(v_turn) < least(p_turn, v_room);
    v_first := v_turn[1] >> 20;
    if v_equals > 1 then
      v_turn := array(select k from unnest(v_turn) as k where k >> 20 = v_first);
    elsif v_room > p_turn and not v_is_dry then
      v_turn := @in_turn(v_lane, v_room, p_turn);
      v_is_dry := cardinality(v_turn) < v_room;
    end if;
    v_last := v_turn[cardinality(v_turn)] >> 20;
    v_flows := array[v_first];
    if cardinality(v_turn) > 1 then v_flows := array(select distinct k >> 20 from unnest(v_turn) as k); end if;

    v_is_busy := false;
    if v_turn <> '{}' and not arraycontained(v_flows, flows) then
      if flows = '{}' and p_queues is null then
        v_is_dry := v_is_dry and cardinality(v_flows) = 1 and cardinality(v_turn) <= p_turn;
        v_last := v_first;
        v_turn := array(select k from unnest(v_turn[: p_turn]) as k where k >> 20 = v_first);
        select array[f.key], array[f.rev + 1] into v_locked, v_revs from @flow f where f.key = v_first for no key update;
        flows := flows || v_locked;
        revs := revs || v_revs;
      else
        select array_agg(x.key), array_agg(x.rev + 1) into v_locked, v_revs from (
          select f.key, f.rev from @flow f where f.key = any(v_flows) and f.key <> all(flows)
          order by f.key for no key update skip locked) x;
        flows := flows || v_locked;
        revs := revs || v_revs;
        v_is_busy := not arraycontained(v_flows, flows);
      end if;
      if v_is_busy then v_turn := array(select k from unnest(v_turn) as k where k >> 20 = any(flows)); end if;
    end if;

    v_got := null;
    if v_turn <> '{}' then
      with taken as (
        delete from @ready_task w
        where w.lane_key = v_lane.key and w.priority = v_lane.priority and w.task_key = any(v_turn)
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
      v_lane.busy_turns := 0;
      v_after := v_turn[cardinality(v_turn)];
    end if;
    if v_first is not null then v_lane.last_flow := v_last; end if;

    more := more or v_is_busy;
    if v_is_dry and not v_is_busy then
      select w.priority into v_lane.priority from @ready_task w
        where w.lane_key = v_lane.key and w.priority > v_lane.priority
        order by w.lane_key, w.priority, w.task_key limit 1;
    end if;
    -- A lane of which one turn after the other is somebody else's is left alone: after a round, or when it was enough. A
    -- round need not come back to where it began, since turns are of several flows.
    if v_got is null and (v_is_busy or not v_is_dry) then v_lane.busy_turns := v_lane.busy_turns + 1; end if;
    more := more or v_lane.busy_turns = 32;
    if v_lane.priority is null or v_lane.busy_turns = 32 or v_lane.busy_turns > 1 and v_lane.busy_flow = v_first then
      p_lanes := p_lanes[: v_i - 1] || p_lanes[v_i + 1 :];
    else
      if v_lane.busy_turns = 1 then v_lane.busy_flow := v_first; end if;
      p_lanes[v_i] := v_lane;
    end if;
  end loop;

  -- What follows the last one taken is found without passing all that was taken before.
  if not more and v_after is not null and v_queue is null then
    more := exists (
      select 1 from @ready_task w
      where w.lane_key = v_lane.key and w.priority = v_lane.priority and w.task_key > v_after);
  end if;
  for i in 1 .. coalesce(cardinality(p_lanes), 0) loop
    exit when more;
    more := coalesce(room[array_position(p_queues, p_lanes[i].queue_key)] > 0, true) and exists (
      select 1 from @ready_task w where w.lane_key = p_lanes[i].key);
  end loop;
end $$;
--> statement-breakpoint

-- Lists what has just become ready, or hands up to p_limit of it to the runner at once: only when nothing else at all is
-- ready, so that nobody's turn is passed over, and it is of one flow and one lane that the runner may run without a limit.
create function @hand_over(p_keys bigint[], p_lanes integer[], p_priorities double precision[], p_limit integer,
    p_executors text[], p_queues text[])
  returns bigint[] language plpgsql
as $$
declare
  v_lane integer := p_lanes[1];
  v_count integer := cardinality(p_keys);
  v_keys bigint[];
begin
  if p_limit > 0 and v_count = cardinality(array_positions(p_lanes, v_lane))
    and v_count = cardinality(array_positions(p_priorities, p_priorities[1]))
    and not exists (select 1 from @ready_task w where w.lane_key > 0)
    and exists (
      select 1 from @lane l join @queue q on q.key >= l.queue_key and q.key <= l.queue_key
      where l.key = v_lane and q.concurrency is null and not q.paused
        and l.executor = any(p_executors) and (p_queues is null or q.name = any(p_queues)))
  then
    if v_count = 1 then return p_keys; end if;
    v_keys := array(select k from unnest(p_keys) as k order by k);
    if v_keys[1] >> 20 = v_keys[v_count] >> 20 then
      insert into @ready_task (lane_key, priority, task_key)
        select v_lane, p_priorities[1], k from unnest(v_keys[p_limit + 1 :]) as k;
      return v_keys[: p_limit];
    end if;
  end if;
  perform @list_ready(p_keys, p_lanes, p_priorities);
  return '{}';
end $$;
