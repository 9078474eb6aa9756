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
create function @ask(p_asks text, p_keys bigint[], p_accepted integer[])
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
  v_moves := @make_ready(array[v_flow], array[v_rev], array(
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
