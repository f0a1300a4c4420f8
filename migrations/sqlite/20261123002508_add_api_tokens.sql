-- Create "api_tokens" table
CREATE TABLE `api_tokens` (
  `id` text NOT NULL,
  `workspace_id` text NOT NULL,
  `name` text NOT NULL,
  `hash` text NOT NULL,
  `scope` text NOT NULL,
  `created_at` datetime NOT NULL,
  `last_used_at` datetime NULL,
  `expires_at` datetime NULL,
  `revoked_at` datetime NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `fk_api_tokens_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT `chk_api_tokens_scope` CHECK (scope = 'read' OR scope = 'write' OR scope = 'admin')
);
-- Create index "idx_api_tokens_workspace" to table: "api_tokens"
CREATE INDEX `idx_api_tokens_workspace` ON `api_tokens` (`workspace_id`);
-- Create index "uq_api_tokens_hash" to table: "api_tokens"
CREATE UNIQUE INDEX `uq_api_tokens_hash` ON `api_tokens` (`hash`);
-- Create "identities" table
CREATE TABLE `identities` (
  `hash` text NOT NULL,
  `workspace_id` text NOT NULL,
  `created_at` datetime NOT NULL,
  PRIMARY KEY (`hash`),
  CONSTRAINT `fk_identities_workspace` FOREIGN KEY (`workspace_id`) REFERENCES `workspaces` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "idx_identities_workspace" to table: "identities"
CREATE INDEX `idx_identities_workspace` ON `identities` (`workspace_id`);
