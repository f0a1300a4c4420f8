package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/services/schema/report"
)

func TestMergeKeepsTheGravestStatus(t *testing.T) {
	drift := drifted(models.Postgres, salaryAdded())
	for name, c := range map[string]struct {
		reports []schema.Report
		status  string
	}{
		"both in sync":    {[]schema.Report{inSync(models.SQLite), inSync(models.Postgres)}, report.InSync},
		"one drifted":     {[]schema.Report{inSync(models.SQLite), drift}, report.Drift},
		"drift and error": {[]schema.Report{drift, failed(models.SQLite, "no file")}, report.Failed},
		"error first":     {[]schema.Report{failed(models.SQLite, "no file"), drift}, report.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			merged := report.Merge(c.reports)
			assert.Equal(t, c.status, merged.Status)
			assert.Equal(t, report.AllDialects, merged.Dialect)
			assert.Equal(t, checkedAt, merged.CheckedAt)
			assert.NotNil(t, merged.Findings)
			for _, f := range merged.Findings {
				assert.NotEmpty(t, f.Dialect)
			}
		})
	}
}

func TestJSONIsOneObjectOfOneForm(t *testing.T) {
	for name, c := range map[string]struct {
		reports []schema.Report
		dialect string
	}{
		"one report":  {[]schema.Report{drifted(models.Postgres, salaryAdded())}, "postgres"},
		"two reports": {[]schema.Report{inSync(models.SQLite), drifted(models.Postgres, salaryAdded())}, "all"},
	} {
		t.Run(name, func(t *testing.T) {
			var first, second bytes.Buffer
			require.NoError(t, report.JSON(&first, c.reports))
			require.NoError(t, report.JSON(&second, c.reports))
			assert.Equal(t, first.String(), second.String())
			var got map[string]any
			require.NoError(t, json.Unmarshal(first.Bytes(), &got))
			assert.Equal(t, "drift", got["status"])
			assert.Equal(t, c.dialect, got["dialect"])
			assert.Equal(t, "2026-03-01T12:30:00Z", got["checked_at"])
			finding := got["findings"].([]any)[0].(map[string]any)
			assert.Equal(t, "jobs.salary", finding["object"])
			assert.Equal(t, "postgres", finding["dialect"])
		})
	}
}

func TestJSONWithoutFindingsHasAnEmptyList(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, report.JSON(&out, []schema.Report{{Status: report.InSync, Dialect: models.SQLite}}))
	require.Contains(t, out.String(), `"findings": []`)
}

func TestTextTellsWhatIsWrongAndWhatToDo(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, report.Text(&out, []schema.Report{inSync(models.SQLite), drifted(models.Postgres, salaryAdded())}))
	require.Equal(t, `In sync: sqlite
Drift: postgres, 1 finding

A model was changed and no migration says so (postgres, models_vs_migrations)

  error    jobs.salary: column added (models/job.go:24)
           expected  bigint NOT NULL DEFAULT 0
  next     Write the missing migration with: make migration name=what_changed

      ALTER TABLE "jobs" ADD COLUMN "salary" bigint NOT NULL DEFAULT 0;
`, out.String())
}

func TestTextShowsTheSQLOfATableOnce(t *testing.T) {
	other := salaryAdded()
	other.Object = "jobs.bonus"
	var out bytes.Buffer
	require.NoError(t, report.Text(&out, []schema.Report{
		drifted(models.SQLite, other, salaryAdded()), drifted(models.Postgres, other, salaryAdded()),
	}))
	require.Equal(t, 2, strings.Count(out.String(), "ALTER TABLE"), "once a database")
	require.Equal(t, 4, strings.Count(out.String(), "column added"))
}

func TestTextSaysThatNothingCouldBeChecked(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, report.Text(&out, []schema.Report{failed(models.Postgres, "The server does not answer.")}))
	require.Equal(t, "Could not check: postgres. The server does not answer.\n", out.String())
}

func TestGitHubAnnotations(t *testing.T) {
	finding := func(change func(*schema.Finding)) schema.Finding {
		f := schema.Finding{Kind: schema.KindPending, Severity: schema.SeverityWarning, Object: "0004", Change: "not applied"}
		change(&f)
		return f
	}
	for name, c := range map[string]struct {
		report schema.Report
		want   string
	}{
		"in sync": {inSync(models.SQLite), ""},
		"without a file": {
			drifted(models.SQLite, finding(func(*schema.Finding) {})),
			"::warning title=pending (sqlite)%3A 0004::0004: not applied.\n",
		},
		"file and line": {
			drifted(models.SQLite, finding(func(f *schema.Finding) { f.File, f.Line, f.Severity = "a,b:c%.sql", 7, schema.SeverityError })),
			"::error file=a%2Cb%3Ac%25.sql,line=7,title=pending (sqlite)%3A 0004::0004: not applied.\n",
		},
		"text that would begin another command": {
			drifted(models.SQLite, finding(func(f *schema.Finding) { f.Advice, f.Object = "100%\r\n::error::x", "t\n::stop-commands::y" })),
			"::warning title=pending (sqlite)%3A t%0A%3A%3Astop-commands%3A%3Ay::t%0A::stop-commands::y: not applied.%0A100%25%0D%0A::error::x\n",
		},
		"no check": {
			failed(models.Postgres, "No server."),
			"::error title=Schema drift could not be checked (postgres)::No server.\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			require.NoError(t, report.GitHub(&out, []schema.Report{c.report}))
			require.Equal(t, c.want, out.String())
		})
	}
}

// sarif is what the standard asks of a log, as far as code hosts read it.
type sarif struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name, Version string
				Rules         []struct {
					ID               string
					ShortDescription struct{ Text string }
				}
			}
		}
		Invocations []struct {
			ExecutionSuccessful        bool
			ToolExecutionNotifications []struct {
				Level   string
				Message struct{ Text string }
			}
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI, URIBaseID string }
					Region           *struct{ StartLine int }
				}
				LogicalLocations []struct{ FullyQualifiedName string }
			}
			PartialFingerprints map[string]string
		}
	}
}

func writeSARIF(t *testing.T, reports ...schema.Report) sarif {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, report.SARIF(&out, reports, "1.2.3"))
	var log sarif
	require.NoError(t, json.Unmarshal(out.Bytes(), &log))
	require.Equal(t, "2.1.0", log.Version)
	require.Contains(t, log.Schema, "sarif-schema-2.1.0.json")
	require.Len(t, log.Runs, 1)
	return log
}

func TestSARIF(t *testing.T) {
	log := writeSARIF(t, drifted(models.Postgres, manyFindings()...))
	run := log.Runs[0]
	assert.Equal(t, "resume-matcher", run.Tool.Driver.Name)
	assert.Equal(t, "1.2.3", run.Tool.Driver.Version)
	require.Len(t, run.Tool.Driver.Rules, 6)
	require.Len(t, run.Results, 20)
	assert.True(t, run.Invocations[0].ExecutionSuccessful)
	seen := map[string]bool{}
	for _, r := range run.Results {
		assert.Equal(t, run.Tool.Driver.Rules[r.RuleIndex].ID, r.RuleID)
		assert.Contains(t, []string{"error", "warning"}, r.Level)
		assert.NotEmpty(t, r.Message.Text)
		require.Len(t, r.Locations, 1)
		place := r.Locations[0].PhysicalLocation
		assert.NotEmpty(t, place.ArtifactLocation.URI)
		assert.Equal(t, "%SRCROOT%", place.ArtifactLocation.URIBaseID)
		if place.Region != nil {
			assert.Positive(t, place.Region.StartLine)
		}
		assert.NotEmpty(t, r.Locations[0].LogicalLocations[0].FullyQualifiedName)
		assert.False(t, seen[r.PartialFingerprints["finding/v1"]], "a fingerprint for each")
		seen[r.PartialFingerprints["finding/v1"]] = true
	}
}

func TestSARIFFingerprintsAreTheSameInTheNextRun(t *testing.T) {
	moved := salaryAdded()
	moved.Line = 99
	first, second := writeSARIF(t, drifted(models.SQLite, salaryAdded())), writeSARIF(t, drifted(models.SQLite, moved))
	require.Equal(t, first.Runs[0].Results[0].PartialFingerprints, second.Runs[0].Results[0].PartialFingerprints)
}

func TestSARIFWithoutAFilePointsAtTheDirectory(t *testing.T) {
	log := writeSARIF(t, drifted(models.SQLite, schema.Finding{Kind: schema.KindAhead, Object: "0009", Change: "unknown version"}))
	place := log.Runs[0].Results[0].Locations[0].PhysicalLocation
	require.Equal(t, "migrations/sqlite/atlas.sum", place.ArtifactLocation.URI)
	require.Nil(t, place.Region)
}

func TestSARIFSaysThatNothingCouldBeChecked(t *testing.T) {
	run := writeSARIF(t, failed(models.Postgres, "No server.")).Runs[0]
	require.NotNil(t, run.Results)
	require.Empty(t, run.Results)
	require.False(t, run.Invocations[0].ExecutionSuccessful)
	require.Contains(t, run.Invocations[0].ToolExecutionNotifications[0].Message.Text, "No server.")
}

// brokenPipe is an output that takes nothing.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestOutputErrorsAreReturned(t *testing.T) {
	reports := []schema.Report{drifted(models.SQLite, salaryAdded())}
	require.Error(t, report.Text(brokenPipe{}, reports))
	require.Error(t, report.JSON(brokenPipe{}, reports))
	require.Error(t, report.GitHub(brokenPipe{}, reports))
	require.Error(t, report.SARIF(brokenPipe{}, reports, ""))
	require.Error(t, report.HTML(brokenPipe{}, reports, nil))
}
