-- Drop index "idx_tasks_workspace" from table: "tasks"
DROP INDEX "idx_tasks_workspace";
-- Create index "idx_tasks_waiting" to table: "tasks"
-- The table is empty in every release before this one.
-- atlas:nolint PG101
CREATE INDEX "idx_tasks_waiting" ON "tasks" ("workspace_id", "status");
