// Package report writes the outcome of schema checks for people, programs and code hosts.
package report

import (
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/schema"
)

// AllDialects is the dialect of a report that speaks of several databases.
const AllDialects models.Dialect = "all"

// The statuses of a report.
const (
	InSync = "in_sync"
	Drift  = "drift"
	Failed = "error"
)

// Merge returns one report of the same form for several: the findings one after the other, each with its dialect,
// and the gravest status. A check that could not be made outweighs drift, since it may hide some.
func Merge(reports []schema.Report) schema.Report {
	if len(reports) == 1 {
		merged := reports[0]
		merged.Findings = append([]schema.Finding{}, merged.Findings...)
		return merged
	}
	merged := schema.Report{Status: InSync, Dialect: AllDialects, Findings: []schema.Finding{}}
	var errors []string
	for _, r := range reports {
		if r.CheckedAt.After(merged.CheckedAt) {
			merged.CheckedAt = r.CheckedAt
		}
		if rank(r.Status) > rank(merged.Status) {
			merged.Status = r.Status
		}
		if r.Error != "" {
			errors = append(errors, string(r.Dialect)+": "+r.Error)
		}
		merged.Findings = append(merged.Findings, r.Findings...)
	}
	merged.Error = strings.Join(errors, "\n")
	return merged
}

func rank(status string) int {
	switch status {
	case InSync:
		return 0
	case Drift:
		return 1
	}
	return 2
}

// kinds lists the kinds of drift in the order they are explained.
func kinds() []schema.Kind {
	return []schema.Kind{
		schema.KindModelsVsMigrations, schema.KindLiveVsMigrations, schema.KindPending,
		schema.KindEdited, schema.KindAhead, schema.KindFailed,
	}
}

// meaning says in one clause what a kind of drift is.
func meaning(kind schema.Kind) string {
	switch kind {
	case schema.KindModelsVsMigrations:
		return "A model was changed and no migration says so"
	case schema.KindLiveVsMigrations:
		return "The database is not what its applied migrations made of it"
	case schema.KindPending:
		return "A migration was not applied yet"
	case schema.KindEdited:
		return "A migration was changed after it was applied"
	case schema.KindAhead:
		return "The database knows a migration that this program does not"
	case schema.KindFailed:
		return "A migration stopped halfway, or the files do not agree with atlas.sum"
	}
	return "The schema differs"
}

// group is findings of one table that the same SQL reconciles.
type group struct {
	Kind     schema.Kind
	Dialect  models.Dialect
	SQL      string
	Findings []schema.Finding
}

// Advice returns what the findings advise, each piece once.
func (g group) Advice() []string {
	var out []string
	for _, f := range g.Findings {
		if f.Advice != "" && !slices.Contains(out, f.Advice) {
			out = append(out, f.Advice)
		}
	}
	return out
}

// grouped joins neighbours that share kind, dialect and SQL, so that the SQL is shown once.
func grouped(findings []schema.Finding) []group {
	var groups []group
	for _, f := range findings {
		if last := len(groups) - 1; last >= 0 && f.SQL != "" {
			if g := &groups[last]; g.SQL == f.SQL && g.Kind == f.Kind && g.Dialect == f.Dialect {
				g.Findings = append(g.Findings, f)
				continue
			}
		}
		groups = append(groups, group{Kind: f.Kind, Dialect: f.Dialect, SQL: f.SQL, Findings: []schema.Finding{f}})
	}
	return groups
}
