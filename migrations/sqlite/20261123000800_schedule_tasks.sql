-- Add column "last_error_kind" to table: "tasks"
ALTER TABLE `tasks` ADD COLUMN `last_error_kind` text NOT NULL DEFAULT '';
-- Create "task_slots" table
CREATE TABLE `task_slots` (
  `kind` text NOT NULL,
  `slot` datetime NOT NULL,
  PRIMARY KEY (`kind`)
);
