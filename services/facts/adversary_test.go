package facts_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/facts"
	"resume-matcher/services/skills"
)

// TestOtherTrades tests that the rules hold for people whose trades the tables don't cover.
func TestOtherTrades(t *testing.T) {
	vocabulary, err := skills.Load()
	require.NoError(t, err)
	e := examiner{gate: facts.New(vocabulary), people: readTrades(t), materials: map[string]*facts.Material{}}
	for name, p := range e.people {
		e.materials[name] = e.gate.Read(p.resume, p.language())
	}
	honest, refused := 0, []string{}
	for _, c := range readAdversary(t, e.people) {
		v := e.check(c)
		switch c.Category {
		case "invented":
			assert.False(t, v.Supported, "%s passed: %q", c.At, c.Claim.Text)
		case "honest":
			honest++
			if !v.Supported {
				refused = append(refused, c.At+": "+c.Claim.Text+": "+violationsOf(v))
			}
		default:
			t.Errorf("%s: neither invented nor honest", c.At)
		}
	}
	t.Logf("%d of %d honest rewordings refused", len(refused), honest)
	// No data were written for these trades, so that more is refused than of the tables.
	assert.LessOrEqual(t, len(refused)*5, honest, strings.Join(refused, "\n"))
}

func violationsOf(v facts.Verdict) string {
	var list []string
	for _, violation := range v.Violations {
		list = append(list, string(violation.Rule)+" "+violation.Words)
	}
	return strings.Join(list, ", ")
}

func readTrades(t *testing.T) map[string]person {
	t.Helper()
	files, err := filepath.Glob("testdata/adversary/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	people := make(map[string]person, len(files))
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		var p person
		require.NoError(t, json.Unmarshal(content, &p.resume), file)
		require.NoError(t, json.Unmarshal(content, &p.tree), file)
		people[strings.TrimSuffix(filepath.Base(file), ".json")] = p
	}
	return people
}

func readAdversary(t *testing.T, people map[string]person) []tableCase {
	t.Helper()
	content, err := os.ReadFile("testdata/adversary.txt")
	require.NoError(t, err)
	var cases []tableCase
	var head tableCase
	for i, line := range strings.Split(string(content), "\n") {
		at := "adversary.txt:" + strconv.Itoa(i+1)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "== "):
			head = readHead(t, at, strings.TrimPrefix(line, "== "), people)
		default:
			cases = append(cases, readCase(t, at, line, head))
		}
	}
	require.NotEmpty(t, cases)
	return cases
}
