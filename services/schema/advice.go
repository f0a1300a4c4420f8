package schema

import (
	"strings"

	"resume-matcher/models"
)

// finish fills in what follows from a finding's kind and change.
func finish(findings []Finding, dialect models.Dialect) {
	for i := range findings {
		f := &findings[i]
		f.Dialect, f.Severity, f.Advice = dialect, severity(*f), advice(*f)
	}
}

// severity is a warning for what neither breaks the program nor refuses or loses its data.
func severity(f Finding) Severity {
	if f.Kind != KindLiveVsMigrations {
		return SeverityError
	}
	what, _, _ := strings.Cut(f.Change, " changed")
	switch what {
	case "comment", "storage options", "persistence":
		if what != "persistence" {
			return SeverityWarning
		}
	case "index":
		if !strings.Contains(strings.ToUpper(f.Expected+f.Actual), "UNIQUE INDEX") {
			return SeverityWarning
		}
	case "index removed", "index added":
		if !strings.Contains(strings.ToUpper(f.Expected+f.Actual), "UNIQUE INDEX") {
			return SeverityWarning
		}
	case "table added", "view added", "materialized view added", "sequence added", "function added", "procedure added",
		"aggregate added", "domain added", "type added", "collation added", "extension added", "comment added", "comment removed",
		"storage options added", "storage options removed":
		return SeverityWarning
	case "column added":
		if text := strings.ToUpper(f.Actual); !strings.Contains(text, "NOT NULL") || strings.Contains(text, "DEFAULT") {
			return SeverityWarning
		}
	}
	return SeverityError
}

// advice tells a developer, in one sentence, what to do next.
func advice(f Finding) string {
	switch f.Kind {
	case KindModelsVsMigrations:
		return "Write the missing migration with make migration name=x, or undo the change of the model."
	case KindPending:
		if strings.HasSuffix(f.Change, "out of order") {
			return "Delete the file and write it again with make migration name=x, so that its version is the newest."
		}
		return "Apply it with resume-matcher migrate up."
	case KindEdited:
		return "Restore the file as it was applied and put the change in a new migration; this file, or one before it, differs."
	case KindAhead:
		return "Deploy the program version that brought this migration; until then the live schema can't be compared."
	case KindFailed:
		if strings.HasPrefix(f.Change, "checksum") {
			return "Undo the edit, or accept it with resume-matcher migrate hash; until then the files are not replayed."
		}
		return "Remove the cause and run resume-matcher migrate up again, which resumes after the last statement that ran."
	case KindLiveVsMigrations:
		switch {
		case strings.HasSuffix(f.Change, " added"):
			return "Write a migration that keeps it, or remove it from the database with the SQL shown."
		case strings.HasSuffix(f.Change, " removed"):
			return "Restore it in the database with the SQL shown, or write a migration that removes it."
		}
		return "Bring the database back with the SQL shown, or write a migration that makes the same change."
	}
	return ""
}
