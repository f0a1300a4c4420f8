package skills

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func loaded(t testing.TB) *Vocabulary {
	t.Helper()
	v, err := Load()
	require.NoError(t, err)
	return v
}

func TestVocabularyCoversManyFields(t *testing.T) {
	v := loaded(t)
	perField := map[string]int{}
	for _, s := range v.Skills() {
		perField[s.Field]++
	}
	assert.GreaterOrEqual(t, len(v.Skills()), 1500)
	assert.GreaterOrEqual(t, len(perField), 20)
	for field, n := range perField {
		assert.GreaterOrEqual(t, n, 25, field)
	}
	assert.True(t, slices.IsSortedFunc(v.Skills(), func(a, b *Skill) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	}), "sorted by name, each name once")
}

func TestEverySpellingIsFoundInAList(t *testing.T) {
	v := loaded(t)
	for _, s := range v.Skills() {
		text := "Kubernetes, " + s.Name + ", Docker"
		if !isProduct(s) {
			text = "Knowledge: " + s.Name + "."
		}
		assert.Contains(t, namesIn(v, text), s.Name)
		for _, spelling := range append([]string{s.Name}, s.Aliases...) {
			assert.Same(t, s, v.Lookup(spelling), spelling)
			assert.Equal(t, []string{s.Name}, namesIn(v, spelling), "a text of only %q", spelling)
		}
	}
}

func TestLookup(t *testing.T) {
	v := loaded(t)
	for given, want := range map[string]string{
		"k8s": "Kubernetes", "KUBERNETES": "Kubernetes", "golang": "Go", "C++": "C++", "c#": "C#", ".NET": ".NET",
		"node": "Node.js", "nodejs": "Node.js", "Node.js": "Node.js", "node-js": "Node.js", "ci/cd": "CI/CD", "Postgres": "PostgreSQL",
		"JS": "JavaScript", "TS": "TypeScript", "ReactJS": "React", "React.js": "React", "GCP": "Google Cloud", "ML": "Machine learning",
		"MS Excel": "Microsoft Excel", "a/b testing": "A/B testing", "GAAP": "GAAP", "IFRS": "IFRS", "HACCP": "HACCP", "CNC": "CNC",
		"SAP FICO": "SAP FI", "BLS": "BLS", "acls": "ACLS", "NCLEX-RN": "NCLEX-RN", "PRINCE2": "PRINCE2", "six sigma": "Six Sigma",
		"Buchhaltung": "Accounting", "Krankenpflege": "Nursing", "Schweißen": "Welding", "full-stack": "Full-stack development",
		"fullstack": "Full-stack development", "Full Stack": "Full-stack development", "comptabilité": "Accounting", "enfermería": "Nursing",
	} {
		if s := v.Lookup(given); assert.NotNil(t, s, given) {
			assert.Equal(t, want, s.Name, given)
		}
	}
	for _, unknown := range []string{"", "  ", "---", "market", "word of mouth", "xyzzy"} {
		assert.Nil(t, v.Lookup(unknown), unknown)
	}
}

func TestWeight(t *testing.T) {
	v := loaded(t)
	weight := func(name string) float64 { return v.Weight(v.Lookup(name)) }
	assert.Less(t, weight("Communication"), 0.2)
	assert.Less(t, weight("Teamwork"), 0.2)
	assert.Less(t, weight("Microsoft Office"), 0.3)
	assert.Greater(t, weight("Kubernetes"), 0.7)
	assert.Greater(t, weight("Chromatography"), 0.7)
	assert.Less(t, weight("Microsoft Excel"), weight("SQL"))
	assert.Less(t, weight("SQL"), weight("Terraform"))
	assert.Zero(t, v.Weight(nil))
	for _, s := range v.Skills() {
		assert.Greater(t, v.Weight(s), 0.0, s.Name)
		assert.LessOrEqual(t, v.Weight(s), 1.0, s.Name)
	}
}

func TestImplies(t *testing.T) {
	v := loaded(t)
	for _, c := range []struct {
		have, want string
		degree     float64
	}{
		{"PostgreSQL", "SQL", 1},
		{"SQL", "PostgreSQL", 0},
		{"React", "JavaScript", 1},
		{"JavaScript", "React", 0},
		{"Next.js", "JavaScript", 1},
		{"EKS", "Kubernetes", 1},
		{"EKS", "AWS", 1},
		{"AWS", "EKS", 0},
		{"ACLS", "CPR", 1},
		{"PostgreSQL", "MySQL", 0.5},
		{"MySQL", "PostgreSQL", 0.5},
		{"Excel", "Microsoft Office", 0.6},
		{"Excel", "Microsoft Word", 0},
		{"Go", "Go", 1},
		{"Go", "Nursing", 0},
	} {
		assert.InDelta(t, c.degree, v.Implies(v.Lookup(c.have), v.Lookup(c.want)), 1e-9, "%s for %s", c.have, c.want)
	}
	assert.Zero(t, v.Implies(nil, v.Lookup("Go")))
	assert.Zero(t, v.Implies(v.Lookup("Go"), nil))
}

func TestLoadNamesFileAndLine(t *testing.T) {
	for _, c := range []struct{ name, skills, implies, want string }{
		{"one part", "# field\nGo", "", "a.txt:2: "},
		{"unknown kind", "Go | gadget", "", "a.txt:1: unknown kind"},
		{"unknown rule", "Go [always] | language", "", "a.txt:1: unknown rule"},
		{"empty alias", "Go | language | golang,,", "", "a.txt:1: empty"},
		{"bracket", "Go] | language", "", "a.txt:1: "},
		{"no letter", "Go | language | ++", "", "a.txt:1: "},
		{"option", "Go | language | | rare", "", "a.txt:1: want common=percent"},
		{"two skills", "Go | language | golang\nGo tool | tool | Golang", "", "a.txt:2: \"Golang\" is an alias of"},
		{"twice", "Go | language | golang, GoLang", "", "a.txt:1: "},
		{"joined", "Full stack | method\nFullstack | domain", "", "a.txt:2: "},
		{"unknown skill", "Go | language", "Go > Rust", "implies.txt:1: unknown skill"},
		{"degree", "Go | language\nRust | language", "\nGo > Rust = 2", "implies.txt:2: want a degree"},
		{"no relation", "Go | language", "Go", "implies.txt:1: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(fstest.MapFS{
				"a.txt":     {Data: []byte(c.skills)},
				hiddenFile:  {Data: []byte("")},
				impliesFile: {Data: []byte(c.implies)},
			})
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := load(fstest.MapFS{})
	require.ErrorContains(t, err, hiddenFile)
}
