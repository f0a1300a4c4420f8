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
	what, change := f.Change, ""
	if i := strings.LastIndexByte(f.Change, ' '); i >= 0 {
		what, change = f.Change[:i], f.Change[i+1:]
	}
	harmless := false
	switch what {
	case "comment", "storage options":
		harmless = true
	case "index":
		harmless = !strings.Contains(strings.ToUpper(f.Expected+f.Actual), "UNIQUE")
	case "column":
		text := strings.ToUpper(f.Actual)
		harmless = change == "added" && (!strings.Contains(text, "NOT NULL") || strings.Contains(text, "DEFAULT"))
	case "table", "view", "materialized view", "sequence", "function", "procedure", "aggregate", "domain", "type", "collation", "extension":
		harmless = change == "added"
	}
	if harmless {
		return SeverityWarning
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
