package facts

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestThingsAreNoDeeds holds that a noun of the source becomes no verb of the person's.
func TestThingsAreNoDeeds(t *testing.T) {
	g := newGate(t)
	for _, c := range []struct{ language, source, text string }{
		{"en", "Watched the build of a new plant.", "Built a new plant."},
		{"en", "Checked design drawings for errors.", "Designed drawings."},
		{"en", "Carried materials to the building site.", "Constructed the building site."},
		{"en", "Cleaned the test bench and the drawing office.", "Tested the bench in the drawing office."},
		{"en", "Filed sales records in the archive.", "Sold records in the archive."},
		{"en", "Kept the list of tools in the building.", "Built the tools in the building."},
		{"en", "Followed safety rules during production.", "Produced safety rules."},
		{"en", "Read reports on process costs.", "Processed costs."},
		{"de", "Den Bau einer neuen Anlage beobachtet.", "Eine neue Anlage gebaut."},
		{"de", "Unterlagen für die Planung der Halle abgelegt.", "Die Halle geplant."},
	} {
		m := bullet(g, c.language, c.source)
		v := g.Check(m, Claim{Path: bulletPath0, Original: c.source, Text: c.text})
		assert.False(t, v.Supported, "%q from %q", c.text, c.source)
	}
}

// TestNominalStyleStillTells holds that a noun which is the deed itself may become its verb.
func TestNominalStyleStillTells(t *testing.T) {
	g := newGate(t)
	for _, c := range []struct{ language, source, text string }{
		{"en", "Maintenance of pumps and valves.", "Maintained pumps and valves."},
		{"en", "Carried out repairs on trucks.", "Repaired trucks."},
		{"en", "Ran training sessions for 30 colleagues.", "Trained 30 colleagues."},
		{"de", "Planung von Schichten für 12 Mitarbeiter.", "Schichten für 12 Mitarbeiter geplant."},
	} {
		m := bullet(g, c.language, c.source)
		v := g.Check(m, Claim{Path: bulletPath0, Original: c.source, Text: c.text})
		assert.True(t, v.Supported, "%q from %q: %v", c.text, c.source, v.Violations)
	}
}
