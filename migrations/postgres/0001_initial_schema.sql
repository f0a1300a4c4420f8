-- Create "workspaces" table
CREATE TABLE "workspaces" (
  "id" text NOT NULL,
  "name" text NOT NULL,
  "created_at" timestamptz NOT NULL,
  "last_used_at" timestamptz NOT NULL,
  PRIMARY KEY ("id")
);
-- Create index "idx_workspaces_last_used_at" to table: "workspaces"
CREATE INDEX "idx_workspaces_last_used_at" ON "workspaces" ("last_used_at");
-- Create "resumes" table
CREATE TABLE "resumes" (
  "id" text NOT NULL,
  "workspace_id" text NOT NULL,
  "parent_id" text NULL,
  "origin" text NOT NULL,
  "is_master" boolean NOT NULL,
  "content" text NOT NULL,
  "content_hash" text NOT NULL,
  "content_type" text NOT NULL,
  "file_hash" text NOT NULL,
  "filename" text NOT NULL,
  "title" text NOT NULL,
  "language" text NOT NULL,
  "processing_status" text NOT NULL,
  "processing_error" text NOT NULL,
  "cover_letter" text NULL,
  "outreach_message" text NULL,
  "upload_count" bigint NOT NULL DEFAULT 1,
  "version" bigint NOT NULL DEFAULT 1,
  "created_at" timestamptz NOT NULL,
  "updated_at" timestamptz NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "fk_resumes_parent" FOREIGN KEY ("parent_id") REFERENCES "resumes" ("id") ON UPDATE NO ACTION ON DELETE SET NULL,
  CONSTRAINT "fk_resumes_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "chk_resumes_origin" CHECK ((origin = 'upload'::text) OR (origin = 'tailored'::text)),
  CONSTRAINT "chk_resumes_processing_status" CHECK ((processing_status = 'pending'::text) OR (processing_status = 'processing'::text) OR (processing_status = 'ready'::text) OR (processing_status = 'failed'::text))
);
-- Create index "idx_resumes_parent_id" to table: "resumes"
CREATE INDEX "idx_resumes_parent_id" ON "resumes" ("parent_id");
-- Create index "idx_resumes_workspace_created" to table: "resumes"
CREATE INDEX "idx_resumes_workspace_created" ON "resumes" ("workspace_id", "created_at");
-- Create index "idx_resumes_workspace_file" to table: "resumes"
CREATE INDEX "idx_resumes_workspace_file" ON "resumes" ("workspace_id", "file_hash");
-- Create index "uq_resumes_workspace_content" to table: "resumes"
CREATE UNIQUE INDEX "uq_resumes_workspace_content" ON "resumes" ("workspace_id", "content_hash") WHERE (origin = 'upload'::text);
-- Create index "uq_resumes_workspace_master" to table: "resumes"
CREATE UNIQUE INDEX "uq_resumes_workspace_master" ON "resumes" ("workspace_id") WHERE is_master;
-- Create "jobs" table
CREATE TABLE "jobs" (
  "id" text NOT NULL,
  "workspace_id" text NOT NULL,
  "resume_id" text NULL,
  "content" text NOT NULL,
  "content_hash" text NOT NULL,
  "language" text NOT NULL,
  "created_at" timestamptz NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "fk_jobs_resume" FOREIGN KEY ("resume_id") REFERENCES "resumes" ("id") ON UPDATE NO ACTION ON DELETE SET NULL,
  CONSTRAINT "fk_jobs_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "idx_jobs_content_hash" to table: "jobs"
CREATE INDEX "idx_jobs_content_hash" ON "jobs" ("content_hash");
-- Create index "idx_jobs_resume_id" to table: "jobs"
CREATE INDEX "idx_jobs_resume_id" ON "jobs" ("resume_id");
-- Create index "idx_jobs_workspace_created" to table: "jobs"
CREATE INDEX "idx_jobs_workspace_created" ON "jobs" ("workspace_id", "created_at");
-- Create "improvements" table
CREATE TABLE "improvements" (
  "id" text NOT NULL,
  "workspace_id" text NOT NULL,
  "resume_id" text NOT NULL,
  "job_id" text NOT NULL,
  "tailored_resume_id" text NULL,
  "status" text NOT NULL,
  "prompt_id" text NOT NULL,
  "resume_version" bigint NOT NULL,
  "result" jsonb NOT NULL,
  "created_at" timestamptz NOT NULL,
  "expires_at" timestamptz NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "fk_improvements_job" FOREIGN KEY ("job_id") REFERENCES "jobs" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "fk_improvements_resume" FOREIGN KEY ("resume_id") REFERENCES "resumes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "fk_improvements_tailored_resume" FOREIGN KEY ("tailored_resume_id") REFERENCES "resumes" ("id") ON UPDATE NO ACTION ON DELETE SET NULL,
  CONSTRAINT "fk_improvements_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "chk_improvements_status" CHECK ((status = 'preview'::text) OR (status = 'saved'::text))
);
-- Create index "idx_improvements_expires_at" to table: "improvements"
CREATE INDEX "idx_improvements_expires_at" ON "improvements" ("expires_at");
-- Create index "idx_improvements_job_id" to table: "improvements"
CREATE INDEX "idx_improvements_job_id" ON "improvements" ("job_id");
-- Create index "idx_improvements_resume_job" to table: "improvements"
CREATE INDEX "idx_improvements_resume_job" ON "improvements" ("resume_id", "job_id");
-- Create index "idx_improvements_tailored_resume_id" to table: "improvements"
CREATE INDEX "idx_improvements_tailored_resume_id" ON "improvements" ("tailored_resume_id");
-- Create index "idx_improvements_workspace" to table: "improvements"
CREATE INDEX "idx_improvements_workspace" ON "improvements" ("workspace_id");
-- Create "job_resume" table
CREATE TABLE "job_resume" (
  "job_id" text NOT NULL,
  "resume_id" text NOT NULL,
  "workspace_id" text NOT NULL,
  "relation" text NOT NULL,
  "created_at" timestamptz NOT NULL,
  PRIMARY KEY ("job_id", "resume_id"),
  CONSTRAINT "fk_job_resume_job" FOREIGN KEY ("job_id") REFERENCES "jobs" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "fk_job_resume_resume" FOREIGN KEY ("resume_id") REFERENCES "resumes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "fk_job_resume_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "chk_job_resume_relation" CHECK ((relation = 'uploaded_with'::text) OR (relation = 'tailored_for'::text))
);
-- Create index "idx_job_resume_resume_id" to table: "job_resume"
CREATE INDEX "idx_job_resume_resume_id" ON "job_resume" ("resume_id");
-- Create index "idx_job_resume_workspace" to table: "job_resume"
CREATE INDEX "idx_job_resume_workspace" ON "job_resume" ("workspace_id");
-- Create "processed_jobs" table
CREATE TABLE "processed_jobs" (
  "id" text NOT NULL,
  "workspace_id" text NOT NULL,
  "job_id" text NOT NULL,
  "data" jsonb NOT NULL,
  "sources" jsonb NOT NULL,
  "structure_version" text NOT NULL,
  "processed_at" timestamptz NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "fk_jobs_processed" FOREIGN KEY ("job_id") REFERENCES "jobs" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "fk_processed_jobs_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "idx_processed_jobs_workspace" to table: "processed_jobs"
CREATE INDEX "idx_processed_jobs_workspace" ON "processed_jobs" ("workspace_id");
-- Create "processed_resumes" table
CREATE TABLE "processed_resumes" (
  "id" text NOT NULL,
  "workspace_id" text NOT NULL,
  "resume_id" text NOT NULL,
  "data" jsonb NOT NULL,
  "sources" jsonb NOT NULL,
  "structure_version" text NOT NULL,
  "processed_at" timestamptz NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "fk_processed_resumes_workspace" FOREIGN KEY ("workspace_id") REFERENCES "workspaces" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "fk_resumes_processed" FOREIGN KEY ("resume_id") REFERENCES "resumes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- Create index "idx_processed_resumes_workspace" to table: "processed_resumes"
CREATE INDEX "idx_processed_resumes_workspace" ON "processed_resumes" ("workspace_id");
