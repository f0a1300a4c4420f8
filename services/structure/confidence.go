package structure

import "math"

// The confidence of a value of a résumé is the product of two numbers, rounded to hundredths: how surely the section
// it stands in was recognised, and how it was told apart within that section. A value that a pattern proves (an
// e-mail address) does not depend on its section.
const (
	// A usual heading, set like one.
	sureHeadingMarked = 1.0
	// A usual heading on a line of its own that nothing sets off.
	sureHeadingPlain = 0.95
	// A line set like a heading that holds a word of usual headings.
	sureHeadingWeak = 0.9
	// A line set like a heading of another wording.
	sureHeadingUnknown = 0.8
	// No heading: the lines before the first, and text left over.
	sureNoHeading = 0.7

	// The form of the value proves it: an e-mail address, a profile's link, a date range.
	surePattern = 0.98
	// A label before the value names it.
	sureNamed = 0.95
	// The value is a list entry or paragraph as the document sets it.
	sureSet = 0.95
	// A word in the value tells its kind: "Engineer", "University", "GmbH".
	sureWord = 0.85
	// The order of the parts in the section's other entries tells.
	sureOrder = 0.7
	// Nothing tells but the usual order of résumés.
	sureUsual = 0.5
)

// confidenceOf rounds the product of the two parts.
func confidenceOf(section, field float64) float64 {
	return math.Round(section*field*100) / 100
}
