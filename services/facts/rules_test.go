package facts

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/skills"
)

func newGate(t testing.TB) *Gate {
	t.Helper()
	v, err := skills.Load()
	require.NoError(t, err)
	return New(v)
}

// bullet reads a résumé of one position with one bullet.
func bullet(g *Gate, language, text string) *Material {
	return g.Read(models.ResumeData{WorkExperience: []models.Experience{{
		ID: 1, Title: "Engineer", Company: "Quill & Sons", Years: "2018 – 2021", Description: []string{text},
	}}}, language)
}

const bulletPath0 = "workExperience[0].description[0]"

func TestDataIsComplete(t *testing.T) {
	for _, name := range []string{"glue", "labels", "letters", "scope", "hedges", "numbers", "verbs", "nouns", "names"} {
		content, err := data.ReadFile("data/" + name + ".txt")
		require.NoError(t, err)
		assert.Contains(t, strings.SplitN(string(content), "\n", 4)[1], "licence", name)
		assert.NotEmpty(t, readTable(name), name)
	}
}

func TestBulletRules(t *testing.T) {
	g := newGate(t)
	for _, c := range []struct {
		name, source, text string
		rule               Rule
	}{
		{"number", "Answered 40 tickets a day.", "Answered 50 tickets a day.", RuleNumber},
		{"bound", "Answered up to 40 tickets a day.", "Answered 40 tickets a day.", RuleNumber},
		{"percentage", "Cut costs by 15%.", "Cut costs by 25%.", RuleNumber},
		{"money", "Managed a budget of €50,000.", "Managed a budget of $50,000.", RuleMoney},
		{"duration", "Ran the pilot for 3 months.", "Ran the pilot for 3 years.", RuleDuration},
		{"date", "Moved the data centre in 2019.", "Moved the data centre in 2018.", RuleDate},
		{"headcount", "Led a team of 5 developers.", "Led a team of 15 developers.", RuleHeadcount},
		{"counted thing", "Trained 12 colleagues on 3 machines.", "Trained 3 colleagues on 12 machines.", RuleMerged},
		{"delta and level", "Cut the error rate from 9% to 4%.", "Cut the error rate by 9%.", RuleMerged},
		{"direction", "Migrated billing from Oracle to PostgreSQL.", "Migrated billing from PostgreSQL to Oracle.", RuleMerged},
		{"replacement turned", "Replaced Jenkins with GitLab CI.", "Replaced GitLab CI with Jenkins.", RuleMerged},
		{"tool", "Built services in Java.", "Built services in Kotlin.", RuleSkill},
		{"longer name of a tool", "Built screens in React.", "Built screens in React Native.", RuleSkill},
		{"attachment", "Built the API in Go and dashboards in React.", "Built the API in React.", RuleMerged},
		{"scope", "Helped migrate the database.", "Led the migration of the database.", RuleScope},
		{"helper dropped", "Helped migrate the database.", "Migrated the database.", RuleScope},
		{"helper of two verbs", "Helped design and implement the API.", "Implemented the API.", RuleScope},
		{"led by another", "Took part in a project led by the CTO.", "Led a project.", RuleScope},
		{"mentored by another", "Mentored by two senior engineers.", "Mentored two senior engineers.", RuleScope},
		{"object of another verb", "Led weekly meetings and supported the migration to AWS.", "Led the migration to AWS.", RuleScope},
		{"people of another noun", "Led meetings with 20 engineers.", "Led 20 engineers.", RuleScope},
		{"plan", "Planned to introduce Kubernetes.", "Introduced Kubernetes.", RuleHedge},
		{"negation", "Did not use Kubernetes in production.", "Used Kubernetes in production.", RuleHedge},
		{"evaluation", "Evaluated Kafka for the order service.", "Used Kafka for the order service.", RuleUnsupported},
		{"prototype", "Built a prototype of a payment system.", "Built a payment system.", RuleHedge},
		{"superlative", "Built services in Java.", "Successfully built services in Java.", RuleSuperlative},
		{"cause", "Introduced code reviews. The error rate fell by 10%.", "Introduced code reviews, reducing the error rate by 10%.", RuleMerged},
		{"credit", "Sales rose by 10% in 2020.", "Raised sales by 10% in 2020.", RuleMerged},
		{"title", "Presented results to the head of sales.", "Head of sales, presented results.", RuleTitle},
		{"certificate", "Built services in Java.", "Built services in Java as a certified expert.", RuleCertificate},
		{"name", "Built services for a bank.", "Built services for a bank called Hartwell.", RuleName},
		{"unknown word", "Built services in Java.", "Built sturdy services in Java.", RuleUnsupported},
		{"Zahl", "Team von 4 Personen geleitet.", "Team von vierzig Personen geleitet.", RuleHeadcount},
		{"Umfang", "Bei der Einführung von SAP mitgewirkt.", "Einführung von SAP geleitet.", RuleScope},
		{"geplant", "Umstieg auf SAP geplant für 2027.", "Umstieg auf SAP.", RuleHedge},
		{"Wirkung", "Lager umgebaut. Die Kosten sanken um 5 %.", "Lager umgebaut und dadurch die Kosten um 5 % gesenkt.", RuleMerged},
		{"translated", "Unterstützung bei der Einarbeitung von zwei Kollegen.", "Trained two colleagues.", RuleScope},
	} {
		t.Run(c.name, func(t *testing.T) {
			language := "en"
			if isGerman(c.source, g.lexicon.tokenize(c.source), false) {
				language = "de"
			}
			v := g.Check(bullet(g, language, c.source), Claim{Path: bulletPath0, Original: c.source, Text: c.text})
			require.False(t, v.Supported)
			rules := make([]Rule, len(v.Violations))
			for i, violation := range v.Violations {
				rules[i] = violation.Rule
			}
			assert.Contains(t, rules, c.rule)
		})
	}
}

func TestBulletRewordings(t *testing.T) {
	g := newGate(t)
	for _, c := range []struct{ name, source, text string }{
		{"unchanged", "Answered 40 tickets a day.", "Answered 40 tickets a day."},
		{"number words", "Trained 25 colleagues.", "Trained twenty-five colleagues."},
		{"thousands", "Analysed 12,000 records.", "Analyzed 12k records."},
		{"passive", "Reduced costs by 15% by automating reports.", "Costs reduced by 15% by automating reports."},
		{"lower scope", "Led a team of 5 developers.", "Coordinated a team of five developers."},
		{"abbreviation", "Deployed services to k8s.", "Deployed services to Kubernetes."},
		{"use of a tool", "Built services in Go.", "Used Go to build services."},
		{"cause stated", "Automated reports in Python, saving 5 hours a week.", "Saved 5 hours per week by automating reports in Python."},
		{"translation", "Betreuung von 30 Kunden im Innendienst.", "Betreute 30 Kunden im Innendienst."},
		{"Abkürzung", "Umsatz von 1,2 Mio. € verantwortet.", "Verantwortlich für einen Umsatz von 1.200.000 Euro."},
		{"compound", "Maintained the customer database.", "Pflege der Kundendatenbank."},
		{"compound translated", "Pflege der Kundendatenbank.", "Maintained the customer database."},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := g.Check(bullet(g, "en", c.source), Claim{Path: bulletPath0, Original: c.source, Text: c.text})
			require.True(t, v.Supported, "%v", v.Violations)
			require.NotEmpty(t, v.Evidence)
			for _, e := range v.Evidence {
				assert.Equal(t, bulletPath0, e.Path)
				assert.Contains(t, c.source, e.Quote)
			}
		})
	}
}

func TestRefusedAtOnce(t *testing.T) {
	g := newGate(t)
	m := bullet(g, "en", "Built services in Java.")
	for _, c := range []struct {
		name  string
		claim Claim
		rule  Rule
	}{
		{"name", Claim{Path: "personalInfo.name", Text: "Someone"}, RuleLocked},
		{"title", Claim{Path: "workExperience[0].title", Original: "Engineer", Text: "Lead Engineer"}, RuleLocked},
		{"years", Claim{Path: "workExperience[0].years", Original: "2018 – 2021", Text: "2016 – 2021"}, RuleLocked},
		{"certificates", Claim{Path: "additional.certificationsTraining[0]", Text: "CISSP"}, RuleLocked},
		{"unknown path", Claim{Path: "somewhere", Text: "Built services in Java."}, RuleLocked},
		{"other original", Claim{Path: bulletPath0, Original: "Built services.", Text: "Built services."}, RuleOriginal},
		{"missing original", Claim{Path: bulletPath0, Text: "Built services."}, RuleOriginal},
		{"too long", Claim{Path: bulletPath0, Original: "Built services in Java.", Text: strings.Repeat("Java ", 1000)}, RuleTooLong},
		{"zero-width space", Claim{Path: bulletPath0, Original: "Built services in Java.", Text: "Built\u200b services"}, RuleUnreadable},
		{"two alphabets", Claim{Path: bulletPath0, Original: "Built services in Java.", Text: "Built services in J\u0430va."}, RuleUnreadable},
		{"no words", Claim{Path: bulletPath0, Original: "Built services in Java.", Text: " - "}, RuleEmpty},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := g.Check(m, c.claim)
			assert.False(t, v.Supported)
			require.Len(t, v.Violations, 1)
			assert.Equal(t, c.rule, v.Violations[0].Rule)
		})
	}
}

func TestReduced(t *testing.T) {
	g := newGate(t)
	source := "Automated reports in Python for 3 teams."
	m := bullet(g, "en", source)
	for _, c := range []struct{ text, reduced string }{
		{"Automated reports in Python for 3 teams, reducing costs by 30%.", "Automated reports in Python for 3 teams."},
		{"Automated reports in Python for 30 teams.", "Automated reports in Python."},
		{"Led reporting for 3 teams.", ""},
	} {
		v := g.Check(m, Claim{Path: bulletPath0, Original: source, Text: c.text})
		assert.False(t, v.Supported)
		assert.Equal(t, c.reduced, v.Reduced)
	}
}

func TestYearsOfExperience(t *testing.T) {
	g := newGate(t)
	m := g.Read(models.ResumeData{WorkExperience: []models.Experience{
		{ID: 1, Title: "Developer", Company: "Quill & Sons", Years: "01/2018 – 12/2020"},
		{ID: 2, Title: "Developer", Company: "Tarn Works", Years: "07/2020 – 06/2023"},
	}}, "en")
	require.Equal(t, 66, m.months)
	for text, supported := range map[string]bool{
		"Developer with five years of experience.":         true,
		"Developer with over 5 years of experience.":       true,
		"Developer with 6 years of experience.":            false,
		"Developer with 5 years of experience in finance.": false,
	} {
		assert.Equal(t, supported, g.Check(m, Claim{Path: "summary", Text: text}).Supported, text)
	}
}

func TestSkillEntry(t *testing.T) {
	g := newGate(t)
	m := bullet(g, "en", "Deployed services to k8s. Plan to learn Terraform. Evaluated Kafka.")
	for text, supported := range map[string]bool{
		"Kubernetes": true, "Terraform": false, "Kafka": false, "Docker": false, "Expert in Kubernetes": false,
	} {
		assert.Equal(t, supported, g.Check(m, Claim{Path: "additional.technicalSkills[0]", Text: text}).Supported, text)
	}
}

func FuzzCheck(f *testing.F) {
	g := newGate(f)
	m := bullet(g, "en", "Reduced costs from 480 to 210 ms by adding Redis, 5-köpfiges Team, 1.2k users.")
	for _, text := range []string{
		"Built 3 services", "a", "1,2 Mio. €", "von 10 auf", "5–", "€", "halved by half a", "zwei", "(", "1.1.2020", "by", "von",
		"ﬁnal ½ ²", "\xff", "C++ .NET 24/7 A/B", "replaced with", "Team von", "20-21", "und und , und",
	} {
		f.Add(text, uint8(0))
		f.Add(text, uint8(1))
		f.Add(text, uint8(2))
		f.Add(text, uint8(3))
	}
	f.Fuzz(func(t *testing.T, text string, place uint8) {
		c := Claim{Path: []string{"summary", "", bulletPath0, "workExperience[0].description[1]", "additional.technicalSkills[0]"}[place%5], Text: text}
		if c.Path == bulletPath0 {
			c.Original = m.byPath[bulletPath0].original
		}
		v := g.Check(m, c)
		if v.Supported && len(v.Violations) > 0 || !v.Supported && len(v.Violations) == 0 {
			t.Fatalf("%q: %+v", text, v)
		}
		g.Read(models.ResumeData{Summary: text}, "de")
	})
}

func BenchmarkCheckBullet(b *testing.B) {
	g := newGate(b)
	source := "Reduced the median response time of the ledger service from 480 ms to 210 ms by adding a Redis cache."
	m := bullet(g, "en", source)
	for b.Loop() {
		g.Check(m, Claim{Path: bulletPath0, Original: source, Text: "Cut the ledger service's median response time from 480 ms to 210 ms with a Redis cache."})
	}
}

func BenchmarkRead(b *testing.B) {
	g := newGate(b)
	for b.Loop() {
		g.Read(operator(), "en")
	}
}

func BenchmarkCheckLongLetter(b *testing.B) {
	g := newGate(b)
	m := g.Read(operator(), "en")
	text := strings.Repeat("I reduced alert noise by 35% by rewriting the alert rules. ", maxLetter/60)
	for b.Loop() {
		g.Check(m, Claim{Text: text})
	}
}
