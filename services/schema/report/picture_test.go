package report

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// star returns n tables that all refer to the first.
func star(n int) []Table {
	tables := []Table{{Name: "hub", Columns: []Column{{Name: "id", Primary: true}}}}
	for i := 1; i < n; i++ {
		tables = append(tables, Table{Name: fmt.Sprintf("t%03d", i), Columns: []Column{{Name: "id", Primary: true}}, References: []string{"hub"}})
	}
	return tables
}

func TestPictureBoxesDoNotOverlap(t *testing.T) {
	for name, tables := range map[string][]Table{
		"no tables":         {},
		"one table":         star(1),
		"a star of 200":     star(200),
		"a circle":          {{Name: "a", References: []string{"b"}}, {Name: "b", References: []string{"c"}}, {Name: "c", References: []string{"a"}}},
		"itself":            {{Name: "a", References: []string{"a"}}},
		"absent table":      {{Name: "a", References: []string{"gone"}}},
		"a chain of layers": {{Name: "a"}, {Name: "b", References: []string{"a"}}, {Name: "c", References: []string{"a", "b"}}},
	} {
		t.Run(name, func(t *testing.T) {
			p := draw(tables, nil)
			require.Len(t, p.Boxes, len(tables))
			for i, a := range p.Boxes {
				assert.True(t, a.X >= 0 && a.Y >= 0 && a.X+a.Width <= p.Width && a.Y+a.Height <= p.Height, "%s is inside", a.Name)
				for _, b := range p.Boxes[i+1:] {
					apart := a.X+a.Width <= b.X || b.X+b.Width <= a.X || a.Y+a.Height <= b.Y || b.Y+b.Height <= a.Y
					assert.True(t, apart, "%s and %s", a.Name, b.Name)
				}
			}
		})
	}
}

func TestPictureShowsParentsOnTheLeft(t *testing.T) {
	p := draw([]Table{{Name: "child", References: []string{"parent"}}, {Name: "parent"}, {Name: "grandchild", References: []string{"child", "parent"}}}, nil)
	x := map[string]int{}
	for _, b := range p.Boxes {
		x[b.Name] = b.X
	}
	assert.Less(t, x["parent"], x["child"])
	assert.Less(t, x["child"], x["grandchild"])
	assert.Len(t, p.Lines, 3)
}

func TestLongNamesAreCutInThePicture(t *testing.T) {
	p := draw([]Table{{Name: "a_table_with_a_name_that_is_far_too_long_for_its_box"}}, nil)
	assert.LessOrEqual(t, len([]rune(p.Boxes[0].Label)), nameRunes)
	assert.Equal(t, "a_table_with_a_name_that_is_far_too_long_for_its_box", p.Boxes[0].Name)
}
