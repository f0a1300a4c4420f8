package tailoring

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"resume-matcher/models"
)

// The contract's change types.
const (
	added    = "added"
	removed  = "removed"
	modified = "modified"
)

// The contract's degrees of confidence.
const (
	low    = "low"
	medium = "medium"
	high   = "high"
)

// newChange returns a change with its id and no evidence yet; original and proposed are nil where there is no such value.
func newChange(f field, path, changeType string, original, proposed *string) models.Change {
	c := models.Change{
		FieldPath: path, FieldType: f.kind, ChangeType: changeType,
		OriginalValue: copyOf(original), NewValue: copyOf(proposed),
		Confidence: medium, Evidence: []models.Evidence{},
	}
	c.ChangeID = changeID(c)
	return c
}

// copyOf keeps a change from pointing into a résumé that is edited later.
func copyOf(s *string) *string {
	if s == nil {
		return nil
	}
	c := *s
	return &c
}

// changeID is a short hash of what the change does, so the same proposal has the same id in every answer.
func changeID(c models.Change) string {
	parts := []string{c.FieldPath, c.ChangeType, marked(c.OriginalValue), marked(c.NewValue)}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:6])
}

// marked tells a missing value from an empty one.
func marked(s *string) string {
	if s == nil {
		return "-"
	}
	return "=" + *s
}

// orderChange returns the change that puts list f in the order of items, or false if the list can't be told in lines.
func orderChange(f field, items []string) (models.Change, bool) {
	for _, value := range *f.list {
		if strings.Contains(value, "\n") {
			return models.Change{}, false
		}
	}
	original, proposed := strings.Join(*f.list, "\n"), strings.Join(items, "\n")
	c := newChange(f, f.path, modified, &original, &proposed)
	c.Confidence = high
	return c, true
}

// isOrder tells whether c puts a whole list in another order.
func isOrder(doc *document, c models.Change) bool {
	f, index, ok := doc.find(c.FieldPath)
	return ok && f.list != nil && index < 0
}

// Summarize counts the changes. High risk are those that alter facts: everything added or removed outside descriptions,
// and edits of contact data, positions, degrees, projects, certificates, languages and awards.
func Summarize(changes []models.Change) models.DiffSummary {
	s := models.DiffSummary{TotalChanges: len(changes)}
	for _, c := range changes {
		switch {
		case c.FieldType == "skill" && c.ChangeType == added:
			s.SkillsAdded++
		case c.FieldType == "skill" && c.ChangeType == removed:
			s.SkillsRemoved++
		case c.FieldType == "description" && c.ChangeType == modified:
			s.DescriptionsModified++
		case c.FieldType == "certification" && c.ChangeType == added:
			s.CertificationsAdded++
		}
		if isHighRisk(c) {
			s.HighRiskChanges++
		}
	}
	return s
}

func isHighRisk(c models.Change) bool {
	switch c.FieldType {
	case "skill":
		return c.ChangeType != modified
	case "description", "summary":
		return strings.HasPrefix(c.FieldPath, "personalInfo.")
	}
	return true
}
