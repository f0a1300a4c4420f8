-- Create "llm_flights" table
CREATE TABLE `llm_flights` (
  `cache_key` text NOT NULL,
  `workspace_id` text NOT NULL,
  `owner` text NOT NULL,
  `lease_until` datetime NOT NULL,
  `wanted_until` datetime NOT NULL,
  `stale` numeric NOT NULL,
  `failed_owner` text NOT NULL,
  `failure_kind` text NOT NULL,
  `failure_message` text NOT NULL,
  `updated_at` datetime NOT NULL,
  PRIMARY KEY (`cache_key`),
  CONSTRAINT `fk_llm_flights_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "idx_llm_flights_lease_until" to table: "llm_flights"
CREATE INDEX `idx_llm_flights_lease_until` ON `llm_flights` (`lease_until`);
-- Create index "idx_llm_flights_workspace" to table: "llm_flights"
CREATE INDEX `idx_llm_flights_workspace` ON `llm_flights` (`workspace_id`);
-- Create "llm_flight_index" table
CREATE TABLE `llm_flight_index` (
  `cache_key` text NOT NULL,
  `entity_type` text NOT NULL,
  `entity_id` text NOT NULL,
  PRIMARY KEY (`cache_key`, `entity_type`, `entity_id`),
  CONSTRAINT `fk_llm_flight_index_flight` FOREIGN KEY (`cache_key`) REFERENCES `llm_flights` (`cache_key`) ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "idx_llm_flight_index_entity" to table: "llm_flight_index"
CREATE INDEX `idx_llm_flight_index_entity` ON `llm_flight_index` (`entity_type`, `entity_id`);
