-- Makes this session of the server plan what creations and ticks do, by doing it: two flows of a queue of its own run from
-- beginning to end, and all of that is undone. A session plans a statement when it first comes to it, which takes some 30 ms
-- together: nobody who waits for a task is to wait for that.
create function @rehearse()
  returns void language plpgsql
as $$
declare
  v_name text := 'rehearsal of ' || pg_backend_pid();
  v_ids text[];
  v_open integer[];
  v_dependents text[];
  v_same text[];
  v_flow bigint;
  v_ended integer[];
  v_keys bigint[];
begin
  insert into @queue (name, retries) values (v_name, 0);
  insert into @runner (id, name, host, pid, process, presence, registered_at, server_start)
    values (v_name, '', '', 0, '', 2, 0, 0);
  for v_step in 1 .. 7 loop
    v_ids := null;
    v_ended := '{}';
    case v_step
      -- Given to the runner: one task, then two, then one, each handed over.
      when 1 then
        v_ids := array['a', 'b', 'c', 'd'];
        v_open := array[0, 1, 1, 2];
        v_dependents := array['{1,2}', '{3}', '{3}', null];
      when 2 then v_ended := array[0];
      when 3 then v_ended := array[1, 2];
      when 4 then v_ended := array[3];
      -- Listed, and claimed.
      when 5 then
        v_ids := array['a'];
        v_open := array[0];
        v_dependents := '{}';
      when 6 then v_ended := array[0];
      -- Nothing is there.
      when 7 then null;
    end case;
    if v_ids is not null then
      v_same := array_fill('{}'::text, array[cardinality(v_ids)]);
      perform count(*) from @create_flow(v_name || v_step, '', v_name, false, 0, null, null, null, null, v_ids,
        array_fill(1, array[cardinality(v_ids)]), v_open, '{}', v_dependents, v_same, v_same, '{}', array[v_name], '{0}',
        '{0}', '{f}', '{0}', '{0}', '{0}', array[null::double precision], case v_step when 1 then v_name end, 0,
        array[v_name], null, null);
      select f.key into v_flow from @flow f where f.id = v_name || v_step;
    end if;
    v_keys := array(select (v_flow << 20) + i from unnest(v_ended) as i);
    perform count(*) from @advance(v_name, 0, 0, array(select v_flow where v_keys <> '{}'), v_keys,
      array_fill(1, array[cardinality(v_keys)]), array_fill(0::smallint, array[cardinality(v_keys)]), '{}', '{}', '{}', '{}',
      '{}', true, null, null, 16, 16, array[v_name], null, 0, '{}', '{}', null, '{}');
  end loop;
  raise exception using errcode = 'TR000';
exception when sqlstate 'TR000' then
end $$;
