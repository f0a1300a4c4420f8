package matching_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/matching"
	"resume-matcher/services/skills"
)

func newMatcher(t testing.TB) *matching.Matcher {
	t.Helper()
	v, err := skills.Load()
	require.NoError(t, err)
	return matching.New(v)
}

// withBullets is a résumé with one position and a list of skills.
func withBullets(listed []string, bullets ...string) models.ResumeData {
	return models.ResumeData{
		WorkExperience: []models.Experience{{Title: "Employee", Company: "Example Ltd", Years: "2020 - 2023", Description: bullets}},
		Additional:     models.Additional{TechnicalSkills: listed},
	}
}

func asking(required ...string) models.JobData {
	return models.JobData{Qualifications: models.Qualifications{Required: required}}
}

func matchOne(t testing.TB, m *matching.Matcher, r models.ResumeData, requirement string) matching.Coverage {
	t.Helper()
	result := m.Match(m.PrepareResume(r, "en"), m.PrepareJob(asking(requirement), "en"))
	require.Len(t, result.Coverage, 1)
	return result.Coverage[0]
}

func TestCoverageOfOneRequirement(t *testing.T) {
	m := newMatcher(t)
	for name, c := range map[string]struct {
		resume      models.ResumeData
		requirement string
		matched     bool
		missing     []string
	}{
		"an alias is the skill":             {withBullets([]string{"k8s"}), "Experience with Kubernetes", true, nil},
		"one of two alternatives is enough": {withBullets(nil, "Developed services in Kotlin"), "Java or Kotlin", true, nil},
		"examples are alternatives":         {withBullets(nil, "Ran workloads on Azure"), "Cloud platforms, e.g. AWS, GCP or Azure", true, nil},
		"slashes are alternatives":          {withBullets(nil, "Ran workloads on Azure"), "AWS/GCP/Azure", true, nil},
		"none of the alternatives":          {withBullets(nil, "Sold shoes"), "Java or Kotlin", false, []string{"Java / Kotlin"}},
		"both of two joined by and":         {withBullets(nil, "Kept data in PostgreSQL"), "PostgreSQL and Terraform", false, []string{"Terraform"}},
		"a denied skill is none":            {withBullets(nil, "No experience with Terraform"), "Terraform", false, []string{"Terraform"}},
		"a denial ends at but":              {withBullets(nil, "No experience with Terraform but daily work with Ansible"), "Ansible", true, nil},
		"a denial in brackets":              {withBullets(nil, "Terraform (no experience), Ansible"), "Terraform", false, []string{"Terraform"}},
		"without downtime denies nothing":   {withBullets(nil, "Deployed without downtime with Kubernetes"), "Kubernetes", true, nil},
		"an example stands for its kind":    {withBullets(nil, "Ran Kafka clusters"), "Experience with event-driven systems such as Kafka or RabbitMQ", true, nil},
		"an example in brackets":            {withBullets(nil, "Ran workloads on AWS"), "Experience with cloud (AWS, Azure or GCP)", true, nil},
		"a German example":                  {withBullets(nil, "Ran Kafka clusters"), "Event-driven architecture wie Kafka oder RabbitMQ", true, nil},
		"examples listed in brackets":       {withBullets(nil, "Trained models in PyTorch"), "Some experience with ROS or computer vision (OpenCV, PyTorch)", true, nil},
		"no example and not the kind":       {withBullets(nil, "Sold shoes"), "Event-driven architecture such as Kafka", false, []string{"Event-driven architecture / Apache Kafka"}},
		"too few years":                     {withBullets(nil, "Java services"), "At least 8 years of experience with Java", false, []string{"4 of 8 years shown"}},
		"enough years":                      {withBullets(nil, "Java services"), "At least 4 years of experience with Java", true, nil},
		"years of other work":               {withBullets(nil, "Sold shoes"), "At least 4 years of experience with Java", false, []string{"Java", "0 of 4 years shown"}},
		"plain words are not named":         {withBullets(nil, "Sold shoes"), "Eligible for a secure subject", false, nil},
		"an unknown product beside another": {withBullets([]string{"Klaviyo"}), "Experience with Examplo Ads and Klaviyo", false, []string{"Examplo Ads"}},
		"an unknown product that is shown":  {withBullets([]string{"Klaviyo", "Examplo Ads"}), "Experience with Examplo Ads and Klaviyo", true, nil},
		"an unknown product in German":      {withBullets([]string{"Klaviyo"}), "Erfahrung mit Examplo Ads und Klaviyo", false, []string{"Examplo Ads"}},
		"an unknown product as alternative": {withBullets([]string{"Klaviyo"}), "Experience with Examplo Ads or Klaviyo", true, nil},
		"a wish is no skill":                {withBullets(nil, "Interested in learning Rust"), "Rust", false, []string{"Rust"}},
		"to want to learn is no skill":      {withBullets(nil, "I want to learn Rust"), "Rust", false, []string{"Rust"}},
		"another person's office":           {withBullets(nil, "Reported to the project manager"), "Project management", false, []string{"Project management"}},
		"what follows another's office":     {withBullets(nil, "Reported to the project manager and wrote services in Rust"), "Rust", true, nil},
		"key words outside the vocabulary":  {withBullets(nil, "Organised the annual beekeepers' congress"), "Experience organising a congress", true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := matchOne(t, m, c.resume, c.requirement)
			assert.Equal(t, c.matched, got.Matched, "degree %v, evidence %v", got.Degree, got.Evidence)
			assert.ElementsMatch(t, c.missing, got.Missing)
		})
	}
}

func TestQualifications(t *testing.T) {
	m := newMatcher(t)
	educated := func(degree string, extra ...string) models.ResumeData {
		return models.ResumeData{
			Education:  []models.Education{{Institution: "Example University", Degree: degree, Years: "2010 - 2014"}},
			Additional: models.Additional{Languages: extra, CertificationsTraining: []string{}},
		}
	}
	licensed := func(text string) models.ResumeData {
		return models.ResumeData{Additional: models.Additional{CertificationsTraining: []string{text}}}
	}
	for name, c := range map[string]struct {
		resume      models.ResumeData
		requirement string
		from, to    float64
	}{
		"the degree asked for":         {educated("BSc Physics"), "Bachelor's degree in physics", 0.95, 1},
		"a higher degree":              {educated("MSc Physics"), "Bachelor's degree in physics", 0.9, 1},
		"a lower degree":               {educated("BSc Physics"), "PhD in physics", 0.3, 0.8},
		"no degree":                    {withBullets(nil, "Sold shoes"), "Master's degree in physics", 0, 0},
		"the lower of two degrees":     {educated("Bachelor Physik"), "Bachelor or Master in physics", 0.9, 1},
		"licence of the class":         {licensed("Führerschein Klasse B"), "Driver's licence class B", 1, 1},
		"a lorry licence includes B":   {licensed("Führerschein Klasse CE"), "Driver's licence class B", 1, 1},
		"B is no lorry licence":        {licensed("Führerschein Klasse B"), "Driving licence class CE", 0, 0},
		"a language at the level":      {educated("BSc Physics", "German (C1)"), "Fluent German", 1, 1},
		"a language one level below":   {educated("BSc Physics", "German (B2)"), "German C1", 0.5, 0.7},
		"a language far below":         {educated("BSc Physics", "German (A1)"), "German C1", 0, 0.2},
		"native is above every level":  {educated("BSc Physics", "German (native)"), "German C2", 1, 1},
		"each language its own level":  {educated("BSc Physics", "German C1", "English B2"), "German C1 and English B2", 1, 1},
		"one of two languages missing": {educated("BSc Physics", "German C1"), "German C1 and French B2", 0.5, 0.5},
	} {
		t.Run(name, func(t *testing.T) {
			got := matchOne(t, m, c.resume, c.requirement)
			assert.GreaterOrEqual(t, got.Degree, c.from)
			assert.LessOrEqual(t, got.Degree, c.to)
		})
	}
}

func TestEvidenceIsTheBestQuote(t *testing.T) {
	m := newMatcher(t)
	resume := withBullets([]string{"Terraform", "PostgreSQL"}, "Answered the phone", "Moved all servers to Terraform")
	resume.Summary = "Careful administrator. Ten years in hospitals."

	inBullet := matchOne(t, m, resume, "Terraform")
	require.NotNil(t, inBullet.Evidence)
	assert.Equal(t, models.Evidence{Path: "workExperience[0].description[1]", Quote: "Moved all servers to Terraform"}, *inBullet.Evidence)

	listed := matchOne(t, m, resume, "PostgreSQL")
	require.NotNil(t, listed.Evidence)
	assert.Equal(t, "additional.technicalSkills[1]", listed.Evidence.Path)
	assert.Less(t, listed.Degree, inBullet.Degree, "a skill only listed is weaker than one shown in a position")

	sentence := matchOne(t, m, resume, "Work in hospitals")
	require.NotNil(t, sentence.Evidence)
	assert.Equal(t, models.Evidence{Path: "summary", Quote: "Ten years in hospitals."}, *sentence.Evidence)

	assert.Nil(t, matchOne(t, m, resume, "Kotlin").Evidence)
}

func TestYearsAreTheUnionOfPeriodsInLikeWork(t *testing.T) {
	m := newMatcher(t)
	job := m.PrepareJob(models.JobData{JobTitle: "Electrician", MinExperienceYears: 4}, "en")
	years := func(positions ...models.Experience) float64 {
		b := m.Match(m.PrepareResume(models.ResumeData{WorkExperience: positions}, "en"), job).Breakdown
		require.NotNil(t, b.ExperienceYears)
		return *b.ExperienceYears
	}
	at := func(title, years string) models.Experience { return models.Experience{Title: title, Years: years} }

	assert.Equal(t, 50.0, years(at("Electrician", "01/2018 - 12/2019")))
	assert.Equal(t, 50.0, years(at("Electrician", "01/2018 - 12/2019"), at("Electrician", "01/2018 - 12/2019")), "the same time twice")
	assert.Equal(t, 75.0, years(at("Electrician", "01/2018 - 12/2019"), at("Electrician", "01/2019 - 12/2020")), "overlapping by a year")
	assert.Equal(t, 100.0, years(at("Electrician", "01/2015 - 12/2019")))
	assert.Less(t, years(at("Cook", "01/2010 - 12/2019")), 70.0, "other work counts for little")
	assert.Equal(t, 100.0, years(at("Electrician", "01/2015 - present")), "an open period needs no clock")
}

func TestMissingNamesWhatCostsMostFirst(t *testing.T) {
	m := newMatcher(t)
	job := models.JobData{Qualifications: models.Qualifications{Required: []string{"Terraform", "Teamwork", "PostgreSQL"}, Preferred: []string{"Kafka"}}}
	got := m.Match(m.PrepareResume(withBullets(nil, "Kept data in PostgreSQL"), "en"), m.PrepareJob(job, "en"))
	require.NotEmpty(t, got.Missing)
	assert.Equal(t, "Terraform", got.Missing[0].Skill)
	assert.True(t, got.Missing[0].Required)
	weights := map[string]float64{}
	for i, item := range got.Missing {
		weights[item.Skill] = item.Weight
		if i > 0 {
			assert.LessOrEqual(t, item.Weight, got.Missing[i-1].Weight)
		}
	}
	assert.NotContains(t, weights, "PostgreSQL")
	assert.Greater(t, weights["Terraform"], 5*weights["Teamwork"], "soft skills weigh little")
	assert.Equal(t, matching.Counts{RequiredTotal: 3, RequiredMatched: 1, PreferredTotal: 1, KeywordsTotal: got.Counts.KeywordsTotal, KeywordsMatched: 1}, got.Counts)
}

func TestEmptySidesGiveAScoreOfZeroAndNoNull(t *testing.T) {
	m := newMatcher(t)
	for name, pair := range map[string]struct {
		resume models.ResumeData
		job    models.JobData
	}{
		"both empty":   {},
		"empty résumé": {job: asking("Terraform")},
		"empty job":    {resume: withBullets([]string{"Terraform"})},
	} {
		t.Run(name, func(t *testing.T) {
			got := m.Match(m.PrepareResume(pair.resume, "en"), m.PrepareJob(pair.job, "en"))
			assert.Zero(t, got.Score)
			encoded, err := json.Marshal(got)
			require.NoError(t, err)
			assert.NotContains(t, string(encoded), `"coverage":null`)
			assert.NotContains(t, string(encoded), `"missing":null`)
		})
	}
}

func TestTitlesThatNameTheSameWork(t *testing.T) {
	m := newMatcher(t)
	like := func(held, asked string) float64 {
		resume := models.ResumeData{WorkExperience: []models.Experience{{Title: held, Years: "2020 - 2023"}}}
		b := m.Match(m.PrepareResume(resume, "en"), m.PrepareJob(models.JobData{JobTitle: asked}, "en")).Breakdown
		require.NotNil(t, b.Title)
		return *b.Title
	}
	for _, c := range []struct {
		held, asked string
		from, to    float64
	}{
		{"Chef d'équipe logistique", "Sous Chef", 0, 20},
		{"Chef d’équipe", "Line Cook", 0, 20},
		{"Chef de projet", "Chef", 0, 25},
		{"Chef de projet", "Project Manager", 80, 100},
		{"Chef", "Cook", 80, 100},
		{"Jefa de cocina", "Head Chef", 80, 100},
		{"Segunda de cocina", "Sous Chef", 80, 100},
		{"Responsable logistique", "Logistics Manager", 80, 100},
		{"Responsable logistique", "Warehouse Manager", 40, 100},
		{"Responsable logistique", "Warehouse Operations Manager", 40, 100},
		{"Software Engineering Intern", "Software Engineer", 80, 100},
		{"Assistant to the sales manager", "Sales Manager", 0, 25},
	} {
		t.Run(c.held+" for "+c.asked, func(t *testing.T) {
			got := like(c.held, c.asked)
			assert.GreaterOrEqual(t, got, c.from)
			assert.LessOrEqual(t, got, c.to)
		})
	}
}

func TestAnUnknownProductInGermanIsNotEveryNoun(t *testing.T) {
	m := newMatcher(t)
	for name, c := range map[string]struct {
		requirement string
		matched     bool
		missing     []string
	}{
		"a name of two words":    {"Erfahrung mit Examplo Ads und Klaviyo", false, []string{"Examplo Ads"}},
		"a capital in a word":    {"Erfahrung mit ExamploHub und Klaviyo", false, []string{"ExamploHub"}},
		"a noun is no name":      {"Erfahrung mit Klaviyo und Freude am Basteln", true, nil},
		"alternatives need none": {"Erfahrung mit Examplo Ads oder Klaviyo", true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			result := m.Match(m.PrepareResume(withBullets([]string{"Klaviyo"}), "de"), m.PrepareJob(asking(c.requirement), "de"))
			require.Len(t, result.Coverage, 1)
			assert.Equal(t, c.matched, result.Coverage[0].Matched, "degree %v", result.Coverage[0].Degree)
			assert.ElementsMatch(t, c.missing, result.Coverage[0].Missing)
		})
	}
}
