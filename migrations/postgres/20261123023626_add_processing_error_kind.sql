-- Modify "resumes" table
ALTER TABLE "resumes" ADD COLUMN "processing_error_kind" text NOT NULL DEFAULT '';
