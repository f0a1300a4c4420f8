package tailoring

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func ptr(s string) *string { return &s }

// change returns a change as a preview stores it; nil stands for no value.
func change(path, changeType string, original, proposed *string) models.Change {
	c := models.Change{FieldPath: path, ChangeType: changeType, OriginalValue: original, NewValue: proposed}
	c.ChangeID = changeID(c)
	return c
}

func requireStale(t *testing.T, err error) {
	t.Helper()
	var e *models.Error
	require.True(t, errors.As(err, &e), "%v", err)
	require.Equal(t, models.KindStalePreview, e.Kind)
}

func TestApply(t *testing.T) {
	d := resumeWith([]string{"a", "b", "c"}, []string{"One.", "Two."})
	list := "additional.technicalSkills"
	changes := []models.Change{
		change(list, modified, ptr("a\nb\nc"), ptr("c\nb\na")),
		change(list+"[0]", modified, ptr("a"), ptr("A")),
		change(list+"[1]", removed, ptr("b"), nil),
		change(list+"[3]", added, nil, ptr("d")),
		change("summary", modified, ptr(d.Summary), ptr("New.")),
		change("workExperience[0].description", modified, ptr("One.\nTwo."), ptr("Two.\nOne.")),
		change("customSections.hobbies.strings[0]", modified, ptr("Chess"), ptr("Go")),
	}
	got, err := Apply(d, changes)
	require.NoError(t, err)
	assert.Equal(t, []string{"c", "A", "d"}, got.Additional.TechnicalSkills)
	assert.Equal(t, "New.", got.Summary)
	assert.Equal(t, []string{"Two.", "One."}, got.WorkExperience[0].Description)
	assert.Equal(t, []string{"Go"}, got.CustomSections["hobbies"].Strings)
	assert.True(t, equal(d, resumeWith([]string{"a", "b", "c"}, []string{"One.", "Two."})), "the input is untouched")

	slices.Reverse(changes)
	again, err := Apply(d, changes)
	require.NoError(t, err)
	assert.True(t, equal(got, again), "the order of the changes doesn't matter")
}

func TestApplySharesNothingWithItsInput(t *testing.T) {
	d := fullResume()
	got, err := Apply(d, nil)
	require.NoError(t, err)
	require.True(t, equal(d, got))
	got.WorkExperience[0].Description[0] = "changed"
	got.Additional.Languages[0] = "changed"
	got.CustomSections["hobbies"].Strings[0] = "changed"
	got.SectionMeta[0].DisplayName = "changed"
	assert.True(t, equal(d, fullResume()))
}

func TestApplyRefusesWhatDoesNotFit(t *testing.T) {
	d := resumeWith([]string{"a", "b"}, []string{"One."})
	list := "additional.technicalSkills"
	supported := change(list+"[2]", added, nil, ptr("c"))
	supported.Evidence = []models.Evidence{{Path: "workExperience[0].description[0]", Quote: "Two."}}
	tests := map[string][]models.Change{
		"another original text":   {change("summary", modified, ptr("Other."), ptr("New."))},
		"another original item":   {change(list+"[0]", modified, ptr("b"), ptr("c"))},
		"another original list":   {change(list, modified, ptr("a"), ptr("a"))},
		"no original value":       {change("summary", modified, nil, ptr("New."))},
		"no new value":            {change("summary", modified, ptr(d.Summary), nil)},
		"an unknown place":        {change("additional.hobbies", modified, ptr("a"), ptr("b"))},
		"an unknown entry":        {change("workExperience[7].title", modified, ptr(""), ptr("b"))},
		"a whole entry":           {change("workExperience[1]", added, nil, ptr("b"))},
		"a negative index":        {change(list+"[-1]", modified, ptr("a"), ptr("b"))},
		"an index that overflows": {change(list+"[99999999999999999999]", added, nil, ptr("b"))},
		"an index of a text":      {change("summary[0]", modified, ptr("S"), ptr("b"))},
		"an added item in use":    {change(list+"[1]", added, nil, ptr("c"))},
		"a removed list":          {change(list, removed, ptr("a\nb"), nil)},
		"an unknown type":         {change("summary", "replaced", ptr(d.Summary), ptr("b"))},
		"one place twice":         {change(list+"[0]", modified, ptr("a"), ptr("x")), change(list+"[0]", modified, ptr("a"), ptr("y"))},
		"evidence that is gone":   {supported},
	}
	for name, changes := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Apply(d, changes)
			requireStale(t, err)
		})
	}
}

// proposals returns all kinds of changes, several to one list.
func proposals(t testing.TB) (models.ResumeData, []models.Change) {
	d := fullResume()
	d.WorkExperience[0].Description = append(d.WorkExperience[0].Description, "Ran Docker for 3 sites.")
	job := fullJob()
	job.Qualifications.Preferred = []string{"Docker"}
	p := newTailor(t).Propose(Input{Resume: d, Job: job, PromptID: Full})
	require.Empty(t, p.Rejected)
	onSkills := 0
	for _, c := range p.Changes {
		if c.FieldType == "skill" {
			onSkills++
		}
	}
	require.GreaterOrEqual(t, onSkills, 6, "order, spellings and new skills of one list: %v", briefs(p.Changes))
	require.LessOrEqual(t, len(p.Changes), 12)
	return d, p.Changes
}

func TestEverySubsetAppliesAndIsRecognised(t *testing.T) {
	d, changes := proposals(t)
	for mask := range 1 << len(changes) {
		chosen, ids := []models.Change{}, []string{}
		for i, c := range changes {
			if mask&(1<<i) != 0 {
				chosen, ids = append(chosen, c), append(ids, c.ChangeID)
			}
		}
		result, err := Apply(d, chosen)
		require.NoError(t, err)
		got, ok := Subset(d, result, changes)
		require.True(t, ok, "subset %b", mask)
		require.Equal(t, ids, got)

		result.Additional.TechnicalSkills = append(result.Additional.TechnicalSkills, "Invented")
		_, ok = Subset(d, result, changes)
		require.False(t, ok, "an item of one's own is no subset")
	}
}

func TestSubsetRefusesAnythingElse(t *testing.T) {
	d, changes := proposals(t)
	tests := map[string]func(*models.ResumeData){
		"another name":     func(d *models.ResumeData) { d.PersonalInfo.Name = "Eve Example" },
		"another employer": func(d *models.ResumeData) { d.WorkExperience[0].Company = "Other Example" },
		"another period":   func(d *models.ResumeData) { d.WorkExperience[0].Years = "2009 - 2024" },
		"another summary":  func(d *models.ResumeData) { d.Summary = "Best engineer." },
		"another bullet":   func(d *models.ResumeData) { d.WorkExperience[0].Description[0] = "Ordered supplies for 300 people." },
		"a bullet less":    func(d *models.ResumeData) { d.WorkExperience[0].Description = d.WorkExperience[0].Description[1:] },
		"a position less":  func(d *models.ResumeData) { d.WorkExperience = d.WorkExperience[:1] },
		"a position more": func(d *models.ResumeData) {
			d.WorkExperience = append(d.WorkExperience, models.Experience{Title: "CEO"})
		},
		"another order":          func(d *models.ResumeData) { slices.Reverse(d.Additional.TechnicalSkills) },
		"a hidden section":       func(d *models.ResumeData) { d.SectionMeta[1].IsVisible = false },
		"a section more":         func(d *models.ResumeData) { d.CustomSections["x"] = models.CustomSection{Text: "x"} },
		"an invented skill":      func(d *models.ResumeData) { d.Additional.TechnicalSkills[0] = "Ansible" },
		"a language":             func(d *models.ResumeData) { d.Additional.Languages = append(d.Additional.Languages, "French") },
		"the skills of a subset": func(d *models.ResumeData) { d.Additional.TechnicalSkills = nil },
	}
	for name, edit := range tests {
		t.Run(name, func(t *testing.T) {
			claimed := clone(d)
			edit(&claimed)
			_, ok := Subset(d, claimed, changes)
			assert.False(t, ok)
		})
	}
}

func TestSubsetOfLongListsOfEqualItems(t *testing.T) {
	many := make([]string, 20000)
	d := resumeWith(many, nil)
	changes := []models.Change{
		change("additional.technicalSkills[20000]", added, nil, ptr("")),
		change("additional.technicalSkills[0]", removed, ptr(""), nil),
	}
	claimed, err := Apply(d, changes[:1])
	require.NoError(t, err)
	ids, ok := Subset(d, claimed, changes)
	require.True(t, ok)
	assert.Equal(t, []string{changes[0].ChangeID}, ids)
}
