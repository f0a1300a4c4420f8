package report

import (
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/schema"
)

//go:embed page.gohtml
var pageText string

//go:embed page.css
var pageStyle string

// anchored is a group of findings that the picture can point to.
type anchored struct {
	group
	Anchor string
}

// page is what the template shows.
type page struct {
	Status, Title, Time string
	Reports             []reportLine
	Sections            []section
	Picture             *picture
	Style               template.CSS
	Policy              string
}

type reportLine struct {
	Status  string
	Dialect models.Dialect
	Text    string
}

// section is the findings of one kind in one database.
type section struct {
	Kind    schema.Kind
	Dialect models.Dialect
	Meaning string
	Groups  []anchored
}

// HTML writes one page that needs nothing else: no script, no request, a picture drawn here. Tables are what the
// picture shows, see Tables; without any there is none.
func HTML(w io.Writer, reports []schema.Report, tables []Table) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"place": func(f schema.Finding) string { return strings.Trim(place(f), " ()") },
		"mark":  markOf,
		"sign":  func(f schema.Finding) string { return markOf(f).sign() },
		"trim":  strings.TrimSpace,
		"count": count,
	}).Parse(pageText)
	if err != nil {
		return err
	}
	return t.Execute(w, newPage(reports, tables))
}

func newPage(reports []schema.Report, tables []Table) page {
	merged := Merge(reports)
	// The policy names the one style sheet by its hash; everything else is forbidden.
	hash := sha256.Sum256([]byte(pageStyle))
	p := page{
		Status: merged.Status, Title: title(merged), Time: merged.CheckedAt.UTC().Format("2006-01-02 15:04:05 UTC"),
		Style:  template.CSS(pageStyle), //nolint:gosec // our own file
		Policy: fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'", base64.StdEncoding.EncodeToString(hash[:])),
	}
	var all []anchored
	for _, r := range reports {
		p.Reports = append(p.Reports, reportLine{r.Status, r.Dialect, summary(r)})
		for _, g := range grouped(r.Findings) {
			a := anchored{g, fmt.Sprintf("finding-%d", len(all)+1)}
			all = append(all, a)
			last := len(p.Sections) - 1
			if last < 0 || p.Sections[last].Kind != g.Kind || p.Sections[last].Dialect != g.Dialect {
				p.Sections = append(p.Sections, section{Kind: g.Kind, Dialect: g.Dialect, Meaning: meaning(g.Kind)})
				last++
			}
			p.Sections[last].Groups = append(p.Sections[last].Groups, a)
		}
	}
	if len(tables) > 0 {
		p.Picture = draw(tables, all)
	}
	return p
}

func title(r schema.Report) string {
	switch r.Status {
	case InSync:
		return "In sync"
	case Drift:
		return count(len(r.Findings), "finding")
	}
	return "Could not check"
}
