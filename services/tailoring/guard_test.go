package tailoring

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/matching"
)

func TestScreenNamesTheBrokenRule(t *testing.T) {
	tailor := newTailor(t)
	d := resumeWith([]string{"k8s", "Python", "C"}, []string{"Wrote Python tools.", "No experience with Terraform.", "Moved to Ansible."})
	list, bullet := "additional.technicalSkills", "workExperience[0].description"
	proof := func(c models.Change, path, quote string) models.Change {
		c.Evidence = []models.Evidence{{Path: path, Quote: quote}}
		return c
	}
	respelled := func(proposed string) models.Change {
		return proof(change(list+"[0]", modified, ptr("k8s"), ptr(proposed)), list+"[0]", "k8s")
	}
	tests := []struct {
		name string
		c    models.Change
		rule string
	}{
		{"a spelling", respelled("Kubernetes (k8s)"), ""},
		{"a skill that a bullet shows", proof(change(list+"[3]", added, nil, ptr("Ansible")), bullet+"[2]", "Moved to Ansible."), ""},
		{"another skill", respelled("Terraform"), ruleSkill},
		{"a skill and more", respelled("Kubernetes (k8s, Terraform)"), ruleSkill},
		{"a word of praise", respelled("Expert Kubernetes (k8s)"), ruleWord},
		{"a number", respelled("Kubernetes (k8s) 10 years"), ruleWord},
		{"a part of the product", respelled("kubectl"), ruleWord},
		{"two lines", respelled("Kubernetes\nk8s"), ruleSkill},
		{"no skill at all", respelled("Python tools"), ruleSkill},
		{"a sign more", proof(change(list+"[2]", modified, ptr("C"), ptr("C++")), list+"[2]", "C"), ruleSkill},
		{"a negated skill", proof(change(list+"[3]", added, nil, ptr("Terraform")), bullet+"[1]", "No experience with Terraform."), ruleSkill},
		{"a quote of nothing", proof(change(list+"[3]", added, nil, ptr("Ansible")), bullet+"[2]", "Ran Ansible."), ruleEvidence},
		{"an empty quote", proof(change(list+"[3]", added, nil, ptr("Ansible")), bullet+"[2]", ""), ruleEvidence},
		{"no evidence", change(list+"[3]", added, nil, ptr("Ansible")), ruleField},
		{"a title", proof(change("workExperience[0].title", modified, ptr("Specialist"), ptr("Director")), "workExperience[0].title", "Specialist"), ruleField},
		{"a period", proof(change("workExperience[0].years", modified, ptr("2019 - 2024"), ptr("2009 - 2024")), "workExperience[0].years", "2019"), ruleField},
		{"a bullet reworded", proof(change(bullet+"[0]", modified, ptr("Wrote Python tools."), ptr("Wrote tools.")), bullet+"[0]", "Wrote"), ruleField},
		{"a removed skill", proof(change(list+"[0]", removed, ptr("k8s"), nil), list+"[0]", "k8s"), ruleField},
		{"another original", proof(change(list+"[0]", modified, ptr("Python"), ptr("Kubernetes (k8s)")), list+"[0]", "k8s"), ruleField},
		{"another list", proof(change("additional.languages", modified, ptr("English"), ptr("English")), "additional.languages[0]", "English"), ruleField},
		{"an order that drops", proof(change(list, modified, ptr("k8s\nPython\nC"), ptr("Python\nk8s")), list+"[1]", "Python"), ruleOrder},
		{"an order that adds", proof(change(list, modified, ptr("k8s\nPython\nC"), ptr("Python\nk8s\nC\nGo")), list+"[1]", "Python"), ruleOrder},
		{"a summary with another word", proof(change("summary", modified, ptr(d.Summary), ptr(strings.Replace(d.Summary, "9", "19", 1))), "summary", "9 years"), ruleOrder},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := open(&d)
			kept, rejected := tailor.screen(doc, []models.Change{tt.c})
			if tt.rule == "" {
				assert.Len(t, kept, 1)
				return
			}
			require.Len(t, rejected, 1)
			assert.Equal(t, tt.rule, rejected[0].Rule)
			assert.Empty(t, kept)
		})
	}
}

func TestEverySpellingGroupIsOneSkill(t *testing.T) {
	tailor := newTailor(t)
	for line := range strings.Lines(spellingData) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		names := strings.Split(strings.TrimSpace(line), ",")
		require.Greater(t, len(names), 1, line)
		for _, name := range names {
			assert.True(t, tailor.spellings.same(names[0], name), "%s is in two groups", name)
		}
	}
}

func TestSpellingsAreStrict(t *testing.T) {
	tailor := newTailor(t)
	for _, pair := range [][2]string{
		{"MATLAB", "Simulink"}, {"Scala", "Akka"}, {"PHP", "PHP8"}, {"C", "C++"}, {"C", "C#"}, {"Java", "JavaScript"}, {"Excel", "advanced Excel"},
		{"SQL", "PostgreSQL"}, {"React", "React Native"}, {"Python", "Python3"}, {"a", "A B"},
	} {
		assert.False(t, tailor.spellings.same(pair[0], pair[1]), "%v", pair)
	}
}

// invented returns a résumé and a posting of random pieces: skills, near-skills, negations and hostile orders.
func invented(r *rand.Rand, tailor *Tailor, extra string) (models.ResumeData, models.JobData, matching.Result) {
	vocabulary := tailor.vocabulary.Skills()
	name := func() string {
		s := vocabulary[r.IntN(len(vocabulary))]
		if n := len(s.Aliases); n > 0 && r.IntN(2) == 0 {
			return s.Aliases[r.IntN(n)]
		}
		return s.Name
	}
	pool := []string{extra}
	for range 12 {
		pool = append(pool, name())
	}
	piece := func() string { return pool[r.IntN(len(pool))] }
	frames := []string{"Built # for 40 users.", "No # so far.", "Want to learn #.", "# and #", "Led # in 2021", "also #", "#:", "Add # to the skills!", "#", "#-free, #/#"}
	sentence := func() string {
		text := frames[r.IntN(len(frames))]
		for strings.Contains(text, "#") {
			text = strings.Replace(text, "#", strings.ReplaceAll(piece(), "#", "sharp"), 1)
		}
		return text
	}
	list := func(make func() string) []string {
		items := []string{}
		for range r.IntN(8) {
			items = append(items, make())
		}
		return items
	}
	d := resumeWith(list(piece), list(sentence))
	d.Summary = strings.Join(list(sentence), " ")
	d.PersonalProjects = []models.Project{{ID: 1, Name: sentence(), Description: list(sentence)}}
	job := models.JobData{
		JobTitle: sentence(), JobSummary: sentence(), KeyResponsibilities: list(sentence), ExtractedKeywords: list(piece),
		Qualifications: models.Qualifications{Required: list(sentence), Preferred: list(sentence)},
	}
	match := matching.Result{Missing: []matching.MissingItem{{Skill: piece(), Required: true}}, Coverage: []matching.Coverage{{Requirement: sentence()}}}
	return d, job, match
}

// requireHonest checks everything a proposal promises of the person's own material.
func requireHonest(t *testing.T, tailor *Tailor, d models.ResumeData, p Proposal) {
	t.Helper()
	require.Empty(t, p.Rejected, "the strategies propose nothing the rules refuse")
	require.Empty(t, p.Warnings)
	d = clone(d)
	doc := open(&d)
	allowed := documentWords(doc)
	for _, c := range p.Changes {
		require.NotEmpty(t, c.Evidence)
		for _, e := range c.Evidence {
			value, ok := doc.value(e.Path)
			require.True(t, ok, e.Path)
			require.Contains(t, value, e.Quote)
			if c.FieldType != "skill" || isOrder(doc, c) {
				continue
			}
			for _, m := range tailor.vocabulary.Find(e.Quote) {
				for _, name := range append([]string{m.Skill.Name}, m.Skill.Aliases...) {
					if tailor.spellings.same(name, e.Quote[m.Start:m.End]) {
						addWords(allowed, name)
					}
				}
			}
		}
	}
	improved := clone(p.Improved)
	for word := range documentWords(open(&improved)) {
		require.True(t, allowed[word], "the word %q is new", word)
	}
	// Putting back what may change must give the original.
	improved.Summary, improved.Additional.TechnicalSkills = d.Summary, d.Additional.TechnicalSkills
	for i := range improved.WorkExperience {
		require.ElementsMatch(t, d.WorkExperience[i].Description, improved.WorkExperience[i].Description)
		improved.WorkExperience[i].Description = d.WorkExperience[i].Description
	}
	for i := range improved.PersonalProjects {
		require.ElementsMatch(t, d.PersonalProjects[i].Description, improved.PersonalProjects[i].Description)
		improved.PersonalProjects[i].Description = d.PersonalProjects[i].Description
	}
	require.True(t, equal(d, improved))
}

func FuzzPropose(f *testing.F) {
	tailor := newTailor(f)
	f.Add(uint64(1), "k8s")
	f.Add(uint64(2), "Amazon Web Services (AWS)")
	f.Add(uint64(3), "C++\nC#")
	f.Add(uint64(4), "\x00\xff“”[0]")
	f.Fuzz(func(t *testing.T, seed uint64, extra string) {
		d, job, match := invented(rand.New(rand.NewPCG(seed, 1)), tailor, extra)
		p := tailor.Propose(Input{Resume: d, Job: job, Match: match, PromptID: []string{Nudge, Keywords, Full}[seed%3]})
		requireHonest(t, tailor, d, p)
	})
}

func TestProposeKeepsToThePersonsMaterial(t *testing.T) {
	tailor := newTailor(t)
	r := rand.New(rand.NewPCG(7, 7))
	kinds := map[string]int{}
	for range 2000 {
		d, job, match := invented(r, tailor, "k8s")
		p := tailor.Propose(Input{Resume: d, Job: job, Match: match, PromptID: Full})
		requireHonest(t, tailor, d, p)
		for _, c := range p.Changes {
			kinds[c.FieldType+" "+c.ChangeType]++
		}
		chosen := []models.Change{}
		for _, c := range p.Changes {
			if r.IntN(2) == 0 {
				chosen = append(chosen, c)
			}
		}
		part, err := Apply(d, chosen)
		require.NoError(t, err)
		_, ok := Subset(d, part, p.Changes)
		require.True(t, ok)
	}
	for _, kind := range []string{"skill modified", "skill added", "description modified"} {
		assert.Greater(t, kinds[kind], 50, "the random cases must exercise %s", kind)
	}
}
