CREATE TABLE `task` (
	`key` integer PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`id` text NOT NULL,
	`status` integer NOT NULL,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`json` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `task_id` ON `task` (`owner`,`id`);--> statement-breakpoint
CREATE INDEX `task_of_owner` ON `task` (`owner`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `task_of_status` ON `task` (`owner`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `task_of_all` ON `task` (`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `task_expiring` ON `task` (`expires_at`) WHERE expires_at is not null;