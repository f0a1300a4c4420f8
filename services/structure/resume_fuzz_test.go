package structure

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// FuzzResume asserts for any text what checkStructure does: no panic, no word lost, valid text, lists that are not null.
func FuzzResume(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "resumes", "*.[mt]*"))
	require.NoError(f, err)
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(f, err)
		f.Add(string(content))
	}
	for _, seed := range []string{
		"", "\n\n", "# \n## \n### ", "a\n===\nb\n---", "| a | b |\n|---|---|\n| c | 2020 |", "[x](y) [](z) <a@b.c> \\| &amp;",
		"Skills\nGo: (a, b\n- c\n", "Languages\nEnglish\nC1\n", "\xff\xfe 2019 - \xf0", "Experience\n2019 –\n2020\n2021 –",
		"Jane Doe\njane@example.com\n\nExperience\nA, B | 2019 – 2020\n- x\n", "0*0", "Parcours\n# 0, !2000\n## 2000", "Experience\n2000-00er", "000[](0)", "a[b](c)d<b>e</b>f", "Experience\n1990 2000er", "00é0.de", "*0*\xa2", "EXperienCe\n2000A0", "EXperienCe\n2000–diC0", "A000000 )", "**a**\n__b__\n*c*\n_d_", "1. Experience\n1) x\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, markdown string) {
		if len(markdown) > 20_000 {
			return
		}
		r := New(nil).Resume(markdown)
		checkStructure(t, markdown, r)
		Render(r.Data)
	})
}

func TestResumeOfNothing(t *testing.T) {
	r := New(nil).Resume("")
	assert.True(t, Empty(r.Data))
	checkStructure(t, "", r)
	assert.Equal(t, models.DefaultSectionMeta(), r.Data.SectionMeta)
}

func TestResumeReadsHostileTextInLinearTime(t *testing.T) {
	for name, text := range map[string]string{
		"brackets":   strings.Repeat("[", 200_000),
		"links":      strings.Repeat("[a](", 50_000),
		"long line":  strings.Repeat("word, ", 50_000),
		"many lines": strings.Repeat("Experience\n2019 - 2020\n- x\n", 5_000),
		"dates":      strings.Repeat("2019 - ", 30_000),
		"headings":   strings.Repeat("## Skills\n## Custom heading\n", 2_000),
		"tabs":       strings.Repeat("a\t", 50_000),
	} {
		t.Run(name, func(t *testing.T) {
			r := New(nil).Resume(text)
			assert.NotNil(t, r.Sources)
		})
	}
}

func BenchmarkResume(b *testing.B) {
	content, err := os.ReadFile(filepath.Join("testdata", "resumes", "developer_en.md"))
	require.NoError(b, err)
	page := string(content)
	// Two pages: the same positions again, as a longer career would have them.
	body := page[strings.Index(page, "### Quillstone"):strings.Index(page, "## 🎓")]
	markdown := strings.Replace(page, "## 🎓", strings.Repeat(body, 6)+"## 🎓", 1)
	p := New(nil)
	p.Resume(markdown)
	b.SetBytes(int64(len(markdown)))
	b.ReportAllocs()
	for b.Loop() {
		p.Resume(markdown)
	}
}
