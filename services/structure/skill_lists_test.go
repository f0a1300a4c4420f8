package structure

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/skills"
)

func TestSkillsAreSplitIntoSingleOnes(t *testing.T) {
	for name, c := range map[string]struct {
		lines     string
		want      []string
		languages []string
	}{
		"label and commas":       {"Languages: Python, C++, CUDA", []string{"Python", "C++", "CUDA"}, nil},
		"brackets hold skills":   {"AWS (S3, EC2), CI/CD, C/C++", []string{"AWS", "S3", "EC2", "CI/CD", "C/C++"}, nil},
		"brackets of one stay":   {"Power BI (DAX), R (basic), wound care (acute, chronic)", []string{"Power BI (DAX)", "R (basic)", "wound care (acute, chronic)"}, nil},
		"drawn grades":           {"AutoCAD ●●●●○  MS Project ●●●○○\nRevit ★★★☆☆", []string{"AutoCAD", "MS Project", "Revit"}, nil},
		"graded languages":       {"- Excel, Lexware\n- Deutsch: Muttersprache\n- English (C1)", []string{"Excel", "Lexware"}, []string{"Deutsch: Muttersprache", "English (C1)"}},
		"spoken languages":       {"SEO, SEM\nI speak Swedish (native), German (C2) and English (C1).", []string{"SEO", "SEM"}, []string{"Swedish (native)", "German (C2)", "English (C1)"}},
		"wide gaps":              {"Python    SQL    Excel", []string{"Python", "SQL", "Excel"}, nil},
		"one a bullet":           {"- Go\n- Rust\n- wound care", []string{"Go", "Rust", "wound care"}, nil},
		"bars and dots":          {"Excel • SAP · DATEV | Lexware", []string{"Excel", "SAP", "DATEV", "Lexware"}, nil},
		"sentences stay whole":   {"- Leads teams of up to twelve people calmly, also under pressure in long nights", []string{"Leads teams of up to twelve people calmly, also under pressure in long nights"}, nil},
		"numbers stay whole":     {"1,000 words a minute typing", []string{"1,000 words a minute typing"}, nil},
		"label lines":            {"### Tools\nGit, Docker, Make\n### Databases\nSQLite", []string{"Git", "Docker", "Make", "SQLite"}, nil},
		"levels below labels":    {"Web\nAdvanced\nHTML, CSS, PHP", []string{"HTML", "CSS", "PHP"}, nil},
		"levels beside":          {"Python: Expert\nGo – Intermediate", []string{"Python: Expert", "Go – Intermediate"}, nil},
		"levels below a skill":   {"**Software**\n- Excel\n- Advanced", []string{"Excel – Advanced"}, nil},
		"table":                  {"| Cloud | AWS, GCP |\n| Data | SQL, dbt |", []string{"AWS", "GCP", "SQL", "dbt"}, nil},
		"natural languages":      {"Languages: English (native), German (B2)\nTools: Git, Make", []string{"Git", "Make"}, []string{"English (native)", "German (B2)"}},
		"labels without entries": {"**Photoshop**\n**InDesign**", []string{"Photoshop", "InDesign"}, nil},
		"full stop at the end":   {"Negotiation, forecasting, Salesforce.", []string{"Negotiation", "forecasting", "Salesforce"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			markdown := "# Jane Doe\n\n## Skills\n" + c.lines + "\n\n## Education\nBSc, Example University, 2010"
			r := New(nil).Resume(markdown)
			checkStructure(t, markdown, r)
			assert.Equal(t, c.want, r.Data.Additional.TechnicalSkills)
			assert.Equal(t, append([]string{}, c.languages...), r.Data.Additional.Languages)
		})
	}
}

func TestSkillsRunTogetherAreSplitByTheVocabulary(t *testing.T) {
	vocabulary, err := skills.Load()
	require.NoError(t, err)
	markdown := "## Skills\nPython Kubernetes PostgreSQL\nHandmade paper lamps\n"
	r := New(vocabulary).Resume(markdown)
	checkStructure(t, markdown, r)
	assert.Equal(t, []string{"Python", "Kubernetes", "PostgreSQL", "Handmade paper lamps"}, r.Data.Additional.TechnicalSkills)
}

func TestLanguagesKeepTheirLevels(t *testing.T) {
	for lines, want := range map[string][]string{
		"English: native\nGerman: B2":                          {"English: native", "German: B2"},
		"I speak Swedish (native) and German (C2).":            {"Swedish (native)", "German (C2)"},
		"English (fluent), French (basic)":                     {"English (fluent)", "French (basic)"},
		"English\nNative Speaker\nSpanish\nIntermediate":       {"English – Native Speaker", "Spanish – Intermediate"},
		"English: Native speaker Spanish: Native speaker":      {"English: Native speaker", "Spanish: Native speaker"},
		"| Deutsch | Muttersprache |\n| Englisch | C1 |":       {"Deutsch – Muttersprache", "Englisch – C1"},
		"- Français : langue maternelle\n- Anglais : courant":  {"Français : langue maternelle", "Anglais : courant"},
		"Español nativo, inglés avanzado (C1), francés básico": {"Español nativo", "inglés avanzado (C1)", "francés básico"},
	} {
		t.Run(lines, func(t *testing.T) {
			markdown := "# Jane Doe\n\n## Languages\n" + lines + "\n"
			r := New(nil).Resume(markdown)
			checkStructure(t, markdown, r)
			assert.Equal(t, want, r.Data.Additional.Languages)
		})
	}
}

func TestProgrammingLanguagesUnderLanguagesAreSkills(t *testing.T) {
	r := New(nil).Resume("# Jane Doe\n\n## Languages\nGo, Rust, Python\n")
	assert.Equal(t, []string{"Go", "Rust", "Python"}, r.Data.Additional.TechnicalSkills)
	assert.Empty(t, r.Data.Additional.Languages)
}
