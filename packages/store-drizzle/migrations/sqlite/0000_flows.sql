CREATE TABLE `attempt` (
	`task_key` integer NOT NULL,
	`fence` integer NOT NULL,
	`runner_key` integer NOT NULL,
	`started_at` integer NOT NULL,
	`ended_at` integer NOT NULL,
	`attempt_end` integer NOT NULL,
	`failure` text,
	PRIMARY KEY(`task_key`, `fence`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `flow` (
	`key` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`owner` text NOT NULL,
	`queue_key` integer NOT NULL,
	`state` integer NOT NULL,
	`rev` integer NOT NULL,
	`task_count` integer NOT NULL,
	`blocked` integer NOT NULL,
	`delayed` integer NOT NULL,
	`ready` integer NOT NULL,
	`running` integer NOT NULL,
	`waiting` integer NOT NULL,
	`succeeded` integer NOT NULL,
	`failed` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`skipped` integer NOT NULL,
	`fatal_count` integer NOT NULL,
	`input_count` integer DEFAULT 0 NOT NULL,
	`fail_fast` integer NOT NULL,
	`created_at` integer NOT NULL,
	`ttl_ms` integer,
	`ended_at` integer,
	`idempotency_key` text,
	`spec_hash` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `flow_id_unique` ON `flow` (`id`);--> statement-breakpoint
CREATE INDEX `flow_of_owner` ON `flow` (`owner`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `flow_of_state` ON `flow` (`owner`,`state`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `flow_of_queue` ON `flow` (`owner`,`queue_key`,`created_at`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `flow_of_idempotency_key` ON `flow` (`owner`,`idempotency_key`) WHERE idempotency_key is not null;--> statement-breakpoint
CREATE INDEX `flow_ended` ON `flow` (`ended_at`,`created_at`,`ttl_ms`) WHERE ended_at is not null;--> statement-breakpoint
CREATE TABLE `flow_task` (
	`key` integer PRIMARY KEY NOT NULL,
	`flow_key` integer NOT NULL,
	`id` text NOT NULL,
	`lane_key` integer NOT NULL,
	`state` integer NOT NULL,
	`priority` integer NOT NULL,
	`open` integer NOT NULL,
	`failed` integer NOT NULL,
	`skipped` integer NOT NULL,
	`holds` integer NOT NULL,
	`rule` integer NOT NULL,
	`allow_failure` integer NOT NULL,
	`attempt` integer NOT NULL,
	`fence` integer NOT NULL,
	`runner_key` integer,
	`attempt_end` integer,
	`attempt_ended_at` integer,
	`rev` integer NOT NULL,
	`available_at` integer,
	`started_at` integer,
	`ended_at` integer,
	`cause` integer,
	`failure` text,
	`progress` text,
	`dependents` text,
	`output` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `flow_task_id` ON `flow_task` (`flow_key`,`id`);--> statement-breakpoint
CREATE INDEX `flow_task_ready` ON `flow_task` (`lane_key`,`priority`) WHERE state = 2;--> statement-breakpoint
CREATE INDEX `flow_task_due` ON `flow_task` (`available_at`) WHERE available_at is not null;--> statement-breakpoint
CREATE INDEX `flow_task_held` ON `flow_task` (`runner_key`,`state`) WHERE runner_key is not null and attempt_end is null;--> statement-breakpoint
CREATE TABLE `flow_task_spec` (
	`task_key` integer PRIMARY KEY NOT NULL,
	`config` text NOT NULL,
	`input` text NOT NULL,
	`needs` text,
	`retries` integer NOT NULL,
	`backoff_ms` integer NOT NULL,
	`max_backoff_ms` integer NOT NULL,
	`timeout_ms` integer
);
--> statement-breakpoint
CREATE TABLE `input` (
	`task_key` integer NOT NULL,
	`number` integer NOT NULL,
	`key` text NOT NULL,
	`request` text NOT NULL,
	`answer` text,
	`is_open` integer NOT NULL,
	PRIMARY KEY(`task_key`, `number`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `lane` (
	`key` integer PRIMARY KEY NOT NULL,
	`queue_key` integer NOT NULL,
	`executor` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `lane_of` ON `lane` (`queue_key`,`executor`);--> statement-breakpoint
CREATE TABLE `output` (
	`task_key` integer PRIMARY KEY NOT NULL,
	`json` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `pruned_flow` (
	`key` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `queue` (
	`key` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`concurrency` integer,
	`running` integer DEFAULT 0 NOT NULL,
	`paused` integer DEFAULT 0 NOT NULL,
	`retries` integer NOT NULL,
	`timeout_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `queue_name_unique` ON `queue` (`name`);--> statement-breakpoint
CREATE TABLE `runner` (
	`key` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`host` text NOT NULL,
	`pid` integer NOT NULL,
	`presence` integer NOT NULL,
	`registered_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `runner_id_unique` ON `runner` (`id`);--> statement-breakpoint
CREATE INDEX `runner_known` ON `runner` (`registered_at`) WHERE presence > 0;--> statement-breakpoint
CREATE TABLE `saved` (
	`task_key` integer PRIMARY KEY NOT NULL,
	`json` text NOT NULL
);
