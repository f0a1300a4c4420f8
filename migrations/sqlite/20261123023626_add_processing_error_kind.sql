-- Add column "processing_error_kind" to table: "resumes"
ALTER TABLE `resumes` ADD COLUMN `processing_error_kind` text NOT NULL DEFAULT '';
