-- Create "llm_cache" table
CREATE TABLE `llm_cache` (
  `cache_key` text NOT NULL,
  `workspace_id` text NOT NULL,
  `kind` text NOT NULL,
  `provider` text NOT NULL,
  `model` text NOT NULL,
  `prompt_version` text NOT NULL,
  `response` text NOT NULL,
  `prompt_tokens` integer NOT NULL,
  `completion_tokens` integer NOT NULL,
  `created_at` datetime NOT NULL,
  `ttl_seconds` integer NOT NULL,
  PRIMARY KEY (`cache_key`),
  CONSTRAINT `fk_llm_cache_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "idx_llm_cache_workspace" to table: "llm_cache"
CREATE INDEX `idx_llm_cache_workspace` ON `llm_cache` (`workspace_id`);
-- Create "llm_cache_index" table
CREATE TABLE `llm_cache_index` (
  `cache_key` text NOT NULL,
  `entity_type` text NOT NULL,
  `entity_id` text NOT NULL,
  PRIMARY KEY (`cache_key`, `entity_type`, `entity_id`),
  CONSTRAINT `fk_llm_cache_index_cache` FOREIGN KEY (`cache_key`) REFERENCES `llm_cache` (`cache_key`) ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "idx_llm_cache_index_entity" to table: "llm_cache_index"
CREATE INDEX `idx_llm_cache_index_entity` ON `llm_cache_index` (`entity_type`, `entity_id`);
-- Create "llm_usage" table
CREATE TABLE `llm_usage` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `day` text NOT NULL,
  `kind` text NOT NULL,
  `provider` text NOT NULL,
  `model` text NOT NULL,
  `calls` integer NOT NULL,
  `prompt_tokens` integer NOT NULL,
  `completion_tokens` integer NOT NULL,
  `input_cost_micros` integer NOT NULL,
  `output_cost_micros` integer NOT NULL,
  `cache_hits` integer NOT NULL,
  `cache_misses` integer NOT NULL,
  `cache_expired` integer NOT NULL,
  `invalidated` integer NOT NULL,
  `last_invalidated_at` datetime NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `fk_llm_usage_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "uq_llm_usage_bucket" to table: "llm_usage"
CREATE UNIQUE INDEX `uq_llm_usage_bucket` ON `llm_usage` (`workspace_id`, `day`, `kind`, `provider`, `model`);
-- Create "tasks" table
CREATE TABLE `tasks` (
  `id` text NOT NULL,
  `workspace_id` text NULL,
  `kind` text NOT NULL,
  `unique_key` text NULL,
  `args` text NOT NULL,
  `status` text NOT NULL,
  `run_at` datetime NOT NULL,
  `attempt` integer NOT NULL,
  `max_attempts` integer NOT NULL,
  `lease_until` datetime NULL,
  `worker` text NOT NULL,
  `last_error` text NOT NULL,
  `progress` integer NOT NULL,
  `created_at` datetime NOT NULL,
  `finished_at` datetime NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `fk_tasks_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT `chk_tasks_status` CHECK (status = 'queued' OR status = 'running' OR status = 'done' OR status = 'failed')
);
-- Create index "idx_tasks_claim" to table: "tasks"
CREATE INDEX `idx_tasks_claim` ON `tasks` (`status`, `run_at`);
-- Create index "idx_tasks_workspace" to table: "tasks"
CREATE INDEX `idx_tasks_workspace` ON `tasks` (`workspace_id`);
-- Create index "uq_tasks_unique_key" to table: "tasks"
CREATE UNIQUE INDEX `uq_tasks_unique_key` ON `tasks` (`unique_key`);
