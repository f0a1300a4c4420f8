package skills

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func namesIn(v *Vocabulary, text string) []string {
	names := []string{}
	for _, m := range v.Find(text) {
		names = append(names, m.Skill.Name)
	}
	return names
}

// list splits "a; b" at the semicolons; "" is the empty list.
func list(text string) []string {
	if text == "" {
		return []string{}
	}
	return strings.Split(text, "; ")
}

func TestFindTellsSkillsFromOrdinaryWords(t *testing.T) {
	v := loaded(t)
	for text, want := range map[string]string{
		"Languages: Go, Python, Rust":        "Go; Python; Rust",
		"Wrote services in Go.":              "Go",
		"Senior Go developer":                "Go",
		"golang and k8s":                     "Go; Kubernetes",
		"python, go, rust":                   "Python; Go; Rust",
		"Go 1.22, Terraform":                 "Go; Terraform",
		"Strong Go and PostgreSQL knowledge": "Go; PostgreSQL",
		"We use Go.":                         "Go",
		"Senior Backend Engineer (Go)":       "Backend development; Go",
		"Our games run on Swift code":        "Swift",
		"We played Pokémon Go there":         "",
		"We Go to the customer":              "",
		"Our Swift Response Team":            "",
		"We go to the customer.":             "",
		"Go above and beyond.":               "",
		"Ready to go.":                       "",
		"Our go to market plan":              "Go-to-market strategy",
		"R, SQL, SAS":                        "R; SQL; SAS",
		"Models written in R":                "R",
		"R&D":                                "Research",
		"R. Example":                         "",
		"C, C++ and C#":                      "C; C++; C#",
		"C++":                                "C++",
		"C# developer":                       "C#",
		"Firmware in C":                      "Firmware; C",
		"Vitamin C and D":                    "",
		"Plan C":                             "",
		"a C-level audience":                 "",
		"Swift, Kotlin":                      "Swift; Kotlin",
		"a swift reply":                      "",
		"Swift response to requests":         "",
		"Rust and C++":                       "Rust; C++",
		"rust removal on hulls":              "",
		"Excel, PowerPoint":                  "Microsoft Excel; Microsoft PowerPoint",
		"Pivot charts with Excel":            "Microsoft Excel",
		"excel in a team":                    "",
		"Excel in all you do.":               "",
		"You excel at this.":                 "",
		"- Excel":                            "Microsoft Excel",
		"Word, Excel, Outlook":               "Microsoft Word; Microsoft Excel; Microsoft Outlook",
		"By word of mouth":                   "",
		"Word of mouth":                      "",
		"In other words":                     "",
		"Access to a car":                    "",
		"Word, Excel, Access":                "Microsoft Word; Microsoft Excel; Microsoft Access",
		"The outlook is good.":               "",
		"Led teams of ten.":                  "",
		"Slack, Teams, Jira":                 "Slack; Microsoft Teams; Jira",
		"Java, Spring, Hibernate":            "Java; Spring; Hibernate",
		"Spring Boot":                        "Spring Boot",
		"Starting in Spring 2024":            "",
		"Node.js, Express, MongoDB":          "Node.js; Express; MongoDB",
		"Express delivery":                   "",
		"Figma, Sketch":                      "Figma; Sketch",
		"Sketch out ideas":                   "",
		"Ansible, Chef, Puppet":              "Ansible; Chef; Puppet",
		"Chef, Hotel Example":                "",
		"Puppet theatre":                     "",
		"Ruby, Rails":                        "Ruby; Ruby on Rails",
		"a ruby ring":                        "",
		"Flutter, Dart":                      "Flutter; Dart",
		"Dart board":                         "",
		"pension scheme":                     "",
		"Make sure it works.":                "",
		"C++, Make, CMake":                   "C++; Make; CMake",
		"Git":                                "Git",
		"a lean budget line":                 "",
		"lean manufacturing":                 "Lean manufacturing",
		"REST, gRPC":                         "REST APIs; gRPC",
		"the rest of it":                     "",
		"Rest is paid.":                      "",
		"ML engineer":                        "Machine learning",
		"500 ml flasks":                      "",
		"AI and ML":                          "Artificial intelligence; Machine learning",
		"it is our aim":                      "",
		"IT support":                         "IT support",
		".NET, ASP.NET":                      ".NET; ASP.NET",
		"the net result":                     "",
		"node.js and NodeJS":                 "Node.js; Node.js",
		"CI/CD with Jenkins":                 "CI/CD; Jenkins",
		"A/B testing":                        "A/B testing",
		"TCP/IP":                             "TCP/IP",
		"BLS/ACLS":                           "BLS",
		"Postgres & MySQL":                   "PostgreSQL; MySQL",
		"The Oracle of Delphi-by-Sea":        "Delphi",
		"Oracle, DB2":                        "Oracle Database; IBM Db2",
		"Tableau dashboards":                 "Tableau; Data visualization",
		"Word, Google Docs and Microsoft Word documents": "Microsoft Word; Google Workspace; Microsoft Word",
	} {
		assert.Equal(t, list(want), namesIn(v, text), text)
	}
}

func TestFindInflectedAndCompoundWords(t *testing.T) {
	v := loaded(t)
	for text, want := range map[string]string{
		"Verantwortlich für die Budgetplanungen der Abteilung": "Budgeting",
		"Ich habe in der Buchhaltung und mit DATEV gearbeitet": "Accounting; DATEV",
		"Projekt-Management und Front-End":                     "Project management; Frontend development",
		"Sehr gute Excelkenntnisse":                            "Microsoft Excel",
		"mehrjährige Vertriebserfahrung":                       "Sales",
		"MAG-Schweißen nach Zeichnung":                         "MIG welding",
		"data pipelines and a data pipeline":                   "Data pipelines; Data pipelines",
		"financial models":                                     "Financial modeling",
		"a growing market with a new engine":                   "",
		"Jira, not jiras":                                      "Jira",
		"gestion de projet et comptabilité":                    "Project management; Accounting",
		"atención al cliente y contabilidad":                   "Customer service; Accounting",
	} {
		assert.Equal(t, list(want), namesIn(v, text), text)
	}
}

func TestFindPrefersTheLongestName(t *testing.T) {
	v := loaded(t)
	text := "Microsoft SQL Server, React Native; Objective-C"
	mentions := v.Find(text)
	require.Len(t, mentions, 3)
	for i, want := range []string{"Microsoft SQL Server", "React Native", "Objective-C"} {
		assert.Equal(t, want, text[mentions[i].Start:mentions[i].End])
		assert.Equal(t, want, mentions[i].Skill.Name)
	}
	assert.Empty(t, v.Find(""))
	assert.Empty(t, v.Find("… — …"))
}

func FuzzFind(f *testing.F) {
	v := loaded(f)
	for _, seed := range []string{"Go, Rust", "C++/C#/.NET", "Projekt-Management", "excel in Word", "\xff\xfe", "Go\n- R\n• C", "e\u0301cole"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, m := range v.Find(text) {
			require.NotNil(t, m.Skill)
			require.LessOrEqual(t, end, m.Start)
			require.Less(t, m.Start, m.End)
			require.LessOrEqual(t, m.End, len(text))
			end = m.End
		}
	})
}

// resumeText is about 6 kB, as two pages are.
func resumeText() string {
	entry := `Senior Platform Engineer, Example Industries, Springfield
- Led a team of five who moved forty services to Kubernetes on AWS, with Terraform, Helm and GitHub Actions.
- Wrote the billing API in Go and PostgreSQL; cut the time of the nightly jobs by 60 percent.
- Introduced code review, on-call rotations and incident management across departments.
- Worked with finance and customer service on forecasts, budgeting and monthly reporting in Excel.
Skills: Python, Go, React, TypeScript, Docker, Kafka, Grafana, communication, teamwork, problem solving
`
	return strings.Repeat(entry, 11)
}

func BenchmarkFind(b *testing.B) {
	v := loaded(b)
	text := resumeText()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		v.Find(text)
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := Load(); err != nil {
			b.Fatal(err)
		}
	}
}
