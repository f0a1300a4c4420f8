package report_test

import (
	"fmt"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/services/schema/report"
)

var checkedAt = time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)

func inSync(dialect models.Dialect) schema.Report {
	return schema.Report{Status: report.InSync, Dialect: dialect, CheckedAt: checkedAt, Findings: []schema.Finding{}}
}

func drifted(dialect models.Dialect, findings ...schema.Finding) schema.Report {
	for i := range findings {
		findings[i].Dialect = dialect
	}
	return schema.Report{Status: report.Drift, Dialect: dialect, CheckedAt: checkedAt, Findings: findings}
}

func failed(dialect models.Dialect, text string) schema.Report {
	return schema.Report{Status: report.Failed, Dialect: dialect, CheckedAt: checkedAt, Findings: []schema.Finding{}, Error: text}
}

func salaryAdded() schema.Finding {
	return schema.Finding{
		Kind: schema.KindModelsVsMigrations, Severity: schema.SeverityError, Object: "jobs.salary", Change: "column added",
		Expected: "bigint NOT NULL DEFAULT 0", File: "models/job.go", Line: 24,
		SQL:    "ALTER TABLE \"jobs\" ADD COLUMN \"salary\" bigint NOT NULL DEFAULT 0;",
		Advice: "Write the missing migration with: make migration name=what_changed",
	}
}

// manyFindings covers all kinds and marks.
func manyFindings() []schema.Finding {
	live := func(object, change, sql string) schema.Finding {
		return schema.Finding{
			Kind: schema.KindLiveVsMigrations, Severity: schema.SeverityWarning, Object: object, Change: change, SQL: sql,
			Expected: "text NOT NULL", Actual: "character varying(40) NULL", Advice: "Undo the change by hand, or put it into the models.",
		}
	}
	findings := []schema.Finding{
		{Kind: schema.KindEdited, Severity: schema.SeverityError, Object: "0002", Change: "file changed", Expected: "h1:abc", Actual: "h1:def",
			File: "migrations/postgres/0002_llm_cache_and_tasks.sql", Line: 1, Advice: "Restore the file and write a new migration for the change."},
		{Kind: schema.KindFailed, Severity: schema.SeverityError, Object: "0003", Change: "stopped after 2 of 4 statements",
			File: "migrations/postgres/0003_add_performance_indexes.sql", Advice: "Remove the cause and run migrate up again."},
		live("jobs.idx_jobs_by_hand", "index added", "DROP INDEX \"idx_jobs_by_hand\";"),
		live("jobs.language", "column changed", "ALTER TABLE \"jobs\" ALTER COLUMN \"language\" TYPE text;"),
		live("tasks.kind", "column removed", "ALTER TABLE \"tasks\" ADD COLUMN \"kind\" text NOT NULL;"),
		live("tasks.note", "column added", "ALTER TABLE \"tasks\" ADD COLUMN \"kind\" text NOT NULL;"),
		live("scratchpad", "table added", "DROP TABLE \"scratchpad\";"),
	}
	for i := range 12 {
		findings = append(findings, salaryAdded())
		findings[len(findings)-1].Object = fmt.Sprintf("resumes.new_field_number_%d", i)
	}
	return append(findings, schema.Finding{Kind: schema.KindPending, Severity: schema.SeverityWarning, Object: "0004", Change: "not applied",
		File: "migrations/postgres/0004_x.sql", Advice: "Apply it with: resume-matcher migrate up"})
}
