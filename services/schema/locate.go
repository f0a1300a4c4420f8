package schema

import (
	"regexp"
	"strings"

	"ariga.io/atlas/sql/migrate"
)

// locate fills in the file and line of the findings that have none yet: of what the models want the model's field,
// of what the live database should have the migration that last defined it.
func (c *checker) locate() {
	var source *modelSource
	for i := range c.findings {
		f := &c.findings[i]
		name, _, _ := strings.Cut(f.Object, "(") // a function's arguments
		table, part, _ := strings.Cut(name, ".")
		switch {
		case f.File != "":
		case f.Kind == KindModelsVsMigrations:
			if source == nil {
				source = readModels(c.all)
			}
			f.File, f.Line = source.find(table, part)
		case f.Kind == KindLiveVsMigrations:
			f.File, f.Line = c.definedAt(table, part)
		}
	}
}

// definedAt returns the last place in the migrations that defines part of table, or else the table itself.
func (c *checker) definedAt(table, part string) (path string, line int) {
	name := regexp.MustCompile(`["` + "`" + `\s.]` + regexp.QuoteMeta(table) + `["` + "`" + `\s.(;]`)
	whole, inside := defines(table), defines(part)
	foundPart := false
	for _, f := range c.files {
		statements, err := fileStatements(c.Dialect, f)
		if err != nil {
			continue
		}
		for _, s := range statements {
			if !name.MatchString(s.Text + ";") {
				continue
			}
			if at := inside.FindStringIndex(s.Text); part != "" && at != nil {
				path, line, foundPart = c.filePath(f.Name()), statementLine(f, s, at[1]), true
			} else if at := whole.FindStringIndex(s.Text); at != nil && !foundPart {
				path, line = c.filePath(f.Name()), statementLine(f, s, at[1])
			}
		}
	}
	return path, line
}

// defines matches the place where a statement introduces name, and not those where it uses it.
func defines(name string) *regexp.Regexp {
	if name == "" {
		return regexp.MustCompile(`^\z`)
	}
	return regexp.MustCompile("(?im)(?:^\\s*|\\b(?:column|constraint|index|table|view|trigger|function|procedure|sequence|type|domain|policy|collation|extension|exists|concurrently)\\s+)" +
		"[\"`]?" + regexp.QuoteMeta(name) + "\\b")
}

func statementLine(f migrate.File, s *migrate.Stmt, offset int) int {
	return lineAt(f.Bytes(), s.Pos) + strings.Count(s.Text[:offset], "\n")
}
