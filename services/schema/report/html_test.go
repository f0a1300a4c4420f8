package report_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/services/schema/report"
)

func writeHTML(t *testing.T, tables []report.Table, reports ...schema.Report) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, report.HTML(&out, reports, tables))
	return out.String()
}

func modelTables(t *testing.T) []report.Table {
	t.Helper()
	tables, err := report.Tables(t.Context())
	require.NoError(t, err)
	require.Len(t, tables, len(models.All()))
	return tables
}

func TestHTMLShowsEveryTableAndFinding(t *testing.T) {
	tables := modelTables(t)
	for name, c := range map[string]struct {
		report schema.Report
		title  string
	}{
		"no finding":      {inSync(models.SQLite), "In sync"},
		"one finding":     {drifted(models.Postgres, salaryAdded()), "1 finding"},
		"twenty findings": {drifted(models.Postgres, manyFindings()...), "20 findings"},
		"no check":        {failed(models.SQLite, "no such file"), "Could not check"},
	} {
		t.Run(name, func(t *testing.T) {
			page := writeHTML(t, tables, c.report)
			assert.Contains(t, page, "<h1>"+c.title+"</h1>")
			for _, table := range tables {
				assert.Contains(t, page, "<title>"+table.Name+"</title>")
			}
			for _, f := range c.report.Findings {
				assert.Contains(t, page, `<span class="object">`+f.Object+"</span>")
			}
			assertWellFormed(t, page)
		})
	}
}

// assertWellFormed reads the page as XML, once the elements that HTML leaves open are closed.
func assertWellFormed(t *testing.T, page string) {
	t.Helper()
	page = regexp.MustCompile(`<meta ([^>]*)>`).ReplaceAllString(page, "<meta $1/>")
	decoder := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(page, "<!doctype html>")))
	ids := map[string]bool{}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range start.Attr {
			if a.Name.Local == "id" {
				require.False(t, ids[a.Value], "id %s stands twice", a.Value)
				ids[a.Value] = true
			}
		}
	}
}

func TestHTMLNeedsNothingElse(t *testing.T) {
	page := writeHTML(t, modelTables(t), drifted(models.Postgres, manyFindings()...))
	for _, forbidden := range []string{"http:", "https:", "<script", "<link", "<img", "src=", "@import", " style=", " on"} {
		if forbidden == " on" {
			assert.NotRegexp(t, `<[^>]* on[a-z]+=`, page)
			continue
		}
		assert.NotContains(t, page, forbidden)
	}
	for _, reference := range regexp.MustCompile(`url\(([^)]*)\)|href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		assert.True(t, strings.HasPrefix(reference[1]+reference[2], "#"), reference[0])
	}
}

func TestHTMLAllowsOnlyItsOwnStyle(t *testing.T) {
	page := writeHTML(t, nil, inSync(models.SQLite))
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(page)
	require.Len(t, style, 2)
	hash := sha256.Sum256([]byte(style[1]))
	policy := fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'", base64.StdEncoding.EncodeToString(hash[:]))
	unescaped := strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(page)
	require.Contains(t, unescaped, `content="`+policy+`"`)
}

func TestHTMLEscapesEveryText(t *testing.T) {
	const evil = `"><script>alert(1)</script><a href="javascript:x">`
	f := schema.Finding{
		Kind: schema.KindLiveVsMigrations, Severity: evil, Object: evil + "." + evil, Change: "table added " + evil,
		Expected: evil, Actual: evil, SQL: evil, File: evil, Advice: evil,
	}
	whole := schema.Finding{Kind: schema.KindLiveVsMigrations, Object: evil, Change: "table added"}
	tables := []report.Table{{Name: evil, Columns: []report.Column{{Name: evil, Type: evil, Primary: true}}, References: []string{"b"}}, {Name: "b"}}
	page := writeHTML(t, tables, drifted(models.SQLite, f, whole), failed(models.Postgres, evil))
	assert.NotContains(t, page, "<script")
	assert.NotContains(t, page, `href="javascript`)
	assertWellFormed(t, page)
}

func TestHTMLDrawsTablesOnly(t *testing.T) {
	view := schema.Finding{Kind: schema.KindLiveVsMigrations, Object: "recent_jobs", Change: "view added"}
	page := writeHTML(t, modelTables(t), drifted(models.Postgres, view))
	assert.NotContains(t, page, "<title>recent_jobs</title>")
	assert.Contains(t, page, `<span class="object">recent_jobs</span>`)
}

func TestHTMLMarksWhatDrifted(t *testing.T) {
	page := writeHTML(t, modelTables(t), drifted(models.Postgres, manyFindings()...))
	for _, want := range []string{
		`<g class="table added">` + "\n<title>scratchpad</title>",
		`<g class="table changed">` + "\n<title>jobs</title>",
		`<g class="table ">` + "\n<title>workspaces</title>",
	} {
		assert.Contains(t, page, want)
	}
	for _, want := range []string{
		`class="row added"[^\n]*>note<`, `class="row removed"[^\n]*>kind<`,
		`class="row changed"[^\n]*>language<`, `class="row added"[^\n]*>idx_jobs_by_hand<`,
	} {
		assert.Regexp(t, want, page)
	}
}
