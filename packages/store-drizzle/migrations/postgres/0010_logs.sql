CREATE TABLE "log" (
	"key" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "log_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"flow_id" text NOT NULL,
	"task_id" text NOT NULL,
	"fence" integer NOT NULL,
	"stream" smallint NOT NULL,
	"size" bigint NOT NULL,
	"batch" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_chunk" (
	"log_key" bigint NOT NULL,
	"at" bigint NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "log_chunk_log_key_at_pk" PRIMARY KEY("log_key","at")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "log_of" ON "log" USING btree ("flow_id","task_id","fence","stream");--> statement-breakpoint
ALTER TABLE @log SET (fillfactor = 70);
--> statement-breakpoint

-- Appends parts of p_bytes to logs, whose rows it locks in the order of their keys. A log that would outgrow p_max ends
-- there, with p_remark behind it. A batch that was appended before changes nothing. Nobody waits for the disk: what a
-- task prints is durable with whatever is committed after it.
create function @append_logs(p_batch text, p_parts text, p_bytes bytea, p_max bigint, p_remark bytea)
  returns void language plpgsql
as $$
declare
  v_part record;
  v_log record;
  v_bytes bytea;
begin
  perform set_config('synchronous_commit', 'off', true);
  for v_part in
    select * from json_to_recordset(p_parts::json)
      as x(f text, t text, e integer, s smallint, start integer, length integer)
    order by f, t, e, s
  loop
    insert into @log (flow_id, task_id, fence, stream, size, batch)
    values (v_part.f, v_part.t, v_part.e, v_part.s, 0, '') on conflict do nothing;
    select key, size into v_log from @log
    where flow_id = v_part.f and task_id = v_part.t and fence = v_part.e and stream = v_part.s
      and batch <> p_batch and size <= p_max
    for update;
    continue when not found;
    v_bytes := substring(p_bytes from v_part.start + 1 for v_part.length);
    if v_log.size + v_part.length > p_max then
      v_bytes := substring(v_bytes for (p_max - v_log.size)::integer) || p_remark;
    end if;
    insert into @log_chunk (log_key, at, bytes) values (v_log.key, v_log.size, v_bytes);
    update @log set size = v_log.size + length(v_bytes), batch = p_batch where key = v_log.key;
  end loop;
end $$;
