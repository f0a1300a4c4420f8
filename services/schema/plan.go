package schema

import (
	"ariga.io/atlas/sql/migrate"

	"resume-matcher/models"
)

// Statements counts the statements of the file, split as the Atlas command line would.
func (f File) Statements() (int, error) {
	statements, err := fileStatements(f.Dialect, migrate.NewLocalFile(f.Name, []byte(f.SQL)))
	if err != nil {
		return 0, models.WrapError(models.KindInternal, "The migration "+f.Name+" can't be split into statements.", err)
	}
	return len(statements), nil
}
