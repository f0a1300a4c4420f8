-- Add column "shared" to table: "llm_usage"
ALTER TABLE `llm_usage` ADD COLUMN `shared` integer NOT NULL DEFAULT 0;
