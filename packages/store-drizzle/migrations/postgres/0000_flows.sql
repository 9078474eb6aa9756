CREATE TABLE "attempt" (
	"task_key" bigint NOT NULL,
	"fence" integer NOT NULL,
	"runner_key" integer NOT NULL,
	"started_at" double precision NOT NULL,
	"ended_at" double precision NOT NULL,
	"attempt_end" smallint NOT NULL,
	"failure" text,
	CONSTRAINT "attempt_task_key_fence_pk" PRIMARY KEY("task_key","fence")
);
--> statement-breakpoint
CREATE TABLE "due_task" (
	"available_at" double precision NOT NULL,
	"task_key" bigint NOT NULL,
	CONSTRAINT "due_task_available_at_task_key_pk" PRIMARY KEY("available_at","task_key")
);
--> statement-breakpoint
CREATE TABLE "flow" (
	"key" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "flow_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" text NOT NULL,
	"owner" text NOT NULL,
	"queue_key" integer NOT NULL,
	"state" smallint NOT NULL,
	"rev" integer NOT NULL,
	"task_count" integer NOT NULL,
	"blocked" integer NOT NULL,
	"delayed" integer NOT NULL,
	"ready" integer NOT NULL,
	"running" integer NOT NULL,
	"waiting" integer NOT NULL,
	"succeeded" integer NOT NULL,
	"failed" integer NOT NULL,
	"cancelled" integer NOT NULL,
	"skipped" integer NOT NULL,
	"fatal_count" integer NOT NULL,
	"input_count" integer DEFAULT 0 NOT NULL,
	"fail_fast" boolean NOT NULL,
	"created_at" double precision NOT NULL,
	"ttl_ms" double precision,
	"ended_at" double precision,
	"idempotency_key" text,
	"spec_hash" text,
	CONSTRAINT "flow_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "flow_task" (
	"key" bigint PRIMARY KEY NOT NULL,
	"flow_key" bigint NOT NULL,
	"id" text NOT NULL,
	"lane_key" integer NOT NULL,
	"state" smallint NOT NULL,
	"priority" double precision NOT NULL,
	"open" integer NOT NULL,
	"failed" integer NOT NULL,
	"skipped" integer NOT NULL,
	"holds" integer NOT NULL,
	"rule" smallint NOT NULL,
	"allow_failure" boolean NOT NULL,
	"attempt" integer NOT NULL,
	"fence" integer NOT NULL,
	"runner_key" integer,
	"tick" integer,
	"attempt_end" smallint,
	"attempt_ended_at" double precision,
	"rev" integer NOT NULL,
	"available_at" double precision,
	"started_at" double precision,
	"ended_at" double precision,
	"cause" smallint,
	"failure" text,
	"progress" text,
	"output" text,
	"dependents" integer[]
);
--> statement-breakpoint
CREATE TABLE "flow_task_spec" (
	"task_key" bigint PRIMARY KEY NOT NULL,
	"config" text NOT NULL,
	"input" text NOT NULL,
	"needs" text,
	"retries" double precision NOT NULL,
	"backoff_ms" double precision NOT NULL,
	"max_backoff_ms" double precision NOT NULL,
	"timeout_ms" double precision
);
--> statement-breakpoint
CREATE TABLE "input" (
	"task_key" bigint NOT NULL,
	"number" integer NOT NULL,
	"key" text NOT NULL,
	"request" text NOT NULL,
	"answer" text,
	"is_open" boolean NOT NULL,
	CONSTRAINT "input_task_key_number_pk" PRIMARY KEY("task_key","number")
);
--> statement-breakpoint
CREATE TABLE "lane" (
	"key" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "lane_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"queue_key" integer NOT NULL,
	"executor" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "output" (
	"task_key" bigint PRIMARY KEY NOT NULL,
	"json" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pruned_flow" (
	"key" bigint PRIMARY KEY NOT NULL,
	"id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "queue" (
	"key" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "queue_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"name" text NOT NULL,
	"concurrency" double precision,
	"running" integer DEFAULT 0 NOT NULL,
	"paused" boolean DEFAULT false NOT NULL,
	"retries" double precision NOT NULL,
	"timeout_ms" double precision,
	CONSTRAINT "queue_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "runner" (
	"key" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "runner_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"id" text NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"pid" double precision NOT NULL,
	"process" text NOT NULL,
	"presence" smallint NOT NULL,
	"registered_at" double precision NOT NULL,
	"server_start" double precision NOT NULL,
	"beat" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "runner_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "schema_version" (
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "saved" (
	"task_key" bigint PRIMARY KEY NOT NULL,
	"json" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ready_task" (
	"lane_key" integer NOT NULL,
	"priority" double precision NOT NULL,
	"task_key" bigint NOT NULL,
	CONSTRAINT "ready_task_lane_key_priority_task_key_pk" PRIMARY KEY("lane_key","priority","task_key")
);
--> statement-breakpoint
CREATE TABLE "held" (
	"key" bigint GENERATED ALWAYS AS IDENTITY (sequence name "held_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"runner_key" integer NOT NULL,
	"task_keys" bigint[] NOT NULL,
	CONSTRAINT "held_runner_key_key_pk" PRIMARY KEY("runner_key","key")
);
--> statement-breakpoint
CREATE TABLE "stop_request" (
	"runner_key" integer NOT NULL,
	"task_key" bigint NOT NULL,
	CONSTRAINT "stop_request_runner_key_task_key_pk" PRIMARY KEY("runner_key","task_key")
);
--> statement-breakpoint
CREATE INDEX "flow_of_owner" ON "flow" USING btree ("owner","created_at",id collate "C");--> statement-breakpoint
CREATE INDEX "flow_of_state" ON "flow" USING btree ("owner","state","created_at",id collate "C");--> statement-breakpoint
CREATE INDEX "flow_of_queue" ON "flow" USING btree ("owner","queue_key","created_at",id collate "C");--> statement-breakpoint
CREATE UNIQUE INDEX "flow_of_idempotency_key" ON "flow" USING btree ("owner","idempotency_key") WHERE idempotency_key is not null;--> statement-breakpoint
CREATE INDEX "flow_ended" ON "flow" USING btree ("ended_at") WHERE ended_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "flow_task_id" ON "flow_task" USING btree ("flow_key","id");--> statement-breakpoint
CREATE UNIQUE INDEX "lane_of" ON "lane" USING btree ("queue_key","executor");--> statement-breakpoint
CREATE INDEX "runner_known" ON "runner" USING btree ("registered_at") WHERE presence > 0;
