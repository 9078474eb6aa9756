CREATE TABLE "task" (
	"owner" text NOT NULL,
	"id" text NOT NULL,
	"status" smallint NOT NULL,
	"version" integer NOT NULL,
	"created_at" double precision NOT NULL,
	"expires_at" double precision,
	"json" text NOT NULL,
	CONSTRAINT "task_owner_id_pk" PRIMARY KEY("owner","id")
);
--> statement-breakpoint
CREATE INDEX "task_of_owner" ON "task" USING btree ("owner","created_at",id collate "C");--> statement-breakpoint
CREATE INDEX "task_of_status" ON "task" USING btree ("owner","status","created_at",id collate "C");--> statement-breakpoint
CREATE INDEX "task_of_all" ON "task" USING btree ("status","created_at",id collate "C");--> statement-breakpoint
CREATE INDEX "task_expiring" ON "task" USING btree ("expires_at") WHERE expires_at is not null;