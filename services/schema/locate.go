package schema

// locator finds the lines of migrations and models that findings are about.
type locator struct{ c *checker }

func newLocator(c *checker) *locator { return &locator{c} }

func (l *locator) locate(findings []Finding) {}
