-- Drop index "idx_tasks_workspace" from table: "tasks"
DROP INDEX `idx_tasks_workspace`;
-- Create index "idx_tasks_waiting" to table: "tasks"
CREATE INDEX `idx_tasks_waiting` ON `tasks` (`workspace_id`, `status`);
