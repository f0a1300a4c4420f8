package documents

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestHeadingLevels(t *testing.T) {
	body := func(text string) styledLine { return styledLine{text: text, size: 10, first: true} }
	bold := func(text string) styledLine { return styledLine{text: text, size: 10, bold: true, first: true} }
	sized := func(text string, size float64) styledLine { return styledLine{text: text, size: size, first: true} }
	tests := []struct {
		name  string
		lines []styledLine
		want  []int
	}{
		{"by size", []styledLine{sized("Nora Vance", 20), body("text that is long enough to be the body"), sized("Experience", 13), bold("Engineer"), body("text")},
			[]int{1, 0, 2, 3, 0}},
		{"by words and weight", []styledLine{body("Jonas Brückner"), bold("Berufserfahrung"), body("text of a section"), bold("Sprachen"), body("text")},
			[]int{1, 2, 0, 2, 0}},
		{"headline under the name", []styledLine{sized("Nora Vance", 20), sized("Payments Engineer", 14), body("text that is long enough to be the body"), sized("Experience", 12), sized("Skills", 12)},
			[]int{1, 0, 0, 2, 2}},
		{"unknown title that looks like the others", []styledLine{sized("Experience", 13), body("text that is long enough to be the body"), sized("Skills", 13), body("text"), sized("Sea Time", 13)},
			[]int{2, 0, 2, 0, 2}},
		{"entries larger than the body", []styledLine{sized("Experience", 14), sized("Bluefinch Payments", 12), body("text that is long enough to be the body"), sized("Skills", 14)},
			[]int{2, 3, 0, 2}},
		{"contact data and dates are none", []styledLine{bold("nora.vance@example.com"), bold("March 2020 – present"), bold("2012 – 2016")},
			[]int{0, 0, 0}},
		{"companies end with a point", []styledLine{bold("Bluefinch & Sons Inc."), bold("We shipped it.")}, []int{3, 0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, headingLevels(test.lines)) })
	}
}

func TestStatedHeadingsAreBroughtToTheSameLevels(t *testing.T) {
	tests := []struct {
		name   string
		blocks []block
		want   string
	}{
		{"title and headings 1 and 2", []block{{text: "Nora Vance", title: true}, {text: "Skills", level: 1}, {text: "Tools", level: 2}},
			"# Nora Vance\n\n## Skills\n\n### Tools\n"},
		{"name as heading 1", []block{{text: "Nora Vance", level: 1}, {text: "Skills", level: 2}, {text: "Tools", level: 4}},
			"# Nora Vance\n\n## Skills\n\n### Tools\n"},
		{"all on one level", []block{{text: "Nora Vance", level: 1}, {text: "Skills", level: 1}, {text: "Go", item: true}},
			"# Nora Vance\n\n## Skills\n\n- Go\n"},
		{"title of the document", []block{{text: "Lebenslauf", title: true}, {text: "Jonas Brückner"}, {text: "Sprachen", level: 1}, {text: "Deutsch"}},
			"Lebenslauf\n\n# Jonas Brückner\n\n## Sprachen\n\nDeutsch\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, clean(blocksMarkdown(test.blocks))) })
	}
}

func TestAsidesComeLast(t *testing.T) {
	tests := []struct {
		name   string
		levels []int
		aside  []bool
		want   []int
	}{
		{"sidebar first", []int{1, 0, 2, 0, 2, 0}, []bool{false, true, true, true, false, false}, []int{0, 1, 4, 5, 2, 3}},
		{"name in the sidebar", []int{0, 2, 1, 0, 2}, []bool{false, false, true, true, true}, []int{2, 3, 0, 1, 4}},
		{"no section aside", []int{1, 0, 2, 0}, []bool{false, true, false, true}, []int{0, 1, 2, 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, asidesLast(test.levels, test.aside)) })
	}
}
