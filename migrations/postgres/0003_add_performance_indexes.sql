-- Create index "idx_llm_cache_created_ttl" to table: "llm_cache"
CREATE INDEX "idx_llm_cache_created_ttl" ON "llm_cache" ("created_at", "ttl_seconds");
-- Create index "idx_processed_jobs_job_id" to table: "processed_jobs"
CREATE UNIQUE INDEX "idx_processed_jobs_job_id" ON "processed_jobs" ("job_id");
-- Create index "idx_processed_resumes_resume_id" to table: "processed_resumes"
CREATE UNIQUE INDEX "idx_processed_resumes_resume_id" ON "processed_resumes" ("resume_id");
-- Create index "idx_resumes_content_hash" to table: "resumes"
CREATE INDEX "idx_resumes_content_hash" ON "resumes" ("content_hash");
