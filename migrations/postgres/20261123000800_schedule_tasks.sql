-- Modify "tasks" table
ALTER TABLE "tasks" ADD COLUMN "last_error_kind" text NOT NULL DEFAULT '';
-- Create "task_slots" table
CREATE TABLE "task_slots" (
  "kind" text NOT NULL,
  "slot" timestamptz NOT NULL,
  PRIMARY KEY ("kind")
);
