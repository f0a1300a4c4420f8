-- Modify "llm_usage" table
ALTER TABLE "llm_usage" ADD COLUMN "shared" bigint NOT NULL DEFAULT 0;
