package schema

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ariga.io/atlas/sql/migrate"

	"resume-matcher/models"
)

// checksumFinding tells where a directory and its atlas.sum part.
func checksumFinding(err error) Finding {
	f := Finding{Kind: KindFailed, Object: "atlas.sum", Change: "checksum mismatch", File: "atlas.sum"}
	var sum *migrate.ChecksumError
	switch {
	case errors.As(err, &sum):
		f.Line = sum.Line
		if sum.File != "" {
			f.Object = sum.File
		}
	case errors.Is(err, migrate.ErrChecksumNotFound):
		f.Change = "checksum file missing"
	}
	return f
}

// checkHistory compares what the database says was applied with the directory.
func (c *checker) checkHistory(ctx context.Context, history []*migrate.Revision) error {
	if c.wants(KindFailed) {
		for _, r := range history {
			if stopped(r) {
				c.findings = append(c.findings, c.failedFinding(r))
			}
		}
	}
	if c.wants(KindAhead) {
		for _, r := range ahead(c.files, history) {
			c.findings = append(c.findings, Finding{
				Kind: KindAhead, Object: r.Version, Change: "migration unknown to this program",
				Actual: strings.TrimSpace(r.Description + " applied " + r.ExecutedAt.UTC().Format("2006-01-02 15:04:05 UTC")),
			})
		}
	}
	if c.wants(KindEdited) {
		if err := c.checkEdited(history); err != nil {
			return err
		}
	}
	if c.wants(KindPending) {
		return c.checkPending(ctx, history)
	}
	return nil
}

// stopped tells whether a migration ended halfway and nobody has declared it resolved.
func stopped(r *migrate.Revision) bool {
	return (r.Applied < r.Total || r.Error != "") && !r.Type.Has(migrate.RevisionTypeResolved)
}

func (c *checker) failedFinding(r *migrate.Revision) Finding {
	f := Finding{
		Kind: KindFailed, Object: r.Version, Change: "migration stopped halfway",
		Expected: fmt.Sprintf("%d statements", r.Total), Actual: fmt.Sprintf("%d statements", r.Applied),
	}
	i := slices.IndexFunc(c.files, func(file migrate.File) bool { return file.Version() == r.Version })
	if i < 0 {
		return f
	}
	f.File = c.filePath(c.files[i].Name())
	statements, err := fileStatements(c.Dialect, c.files[i])
	if err != nil || r.Applied >= len(statements) {
		return f
	}
	f.Line = lineAt(c.files[i].Bytes(), statements[r.Applied].Pos)
	rest := make([]string, 0, len(statements))
	for _, s := range statements[r.Applied:] {
		rest = append(rest, s.Text)
	}
	f.SQL = strings.Join(rest, "\n")
	return f
}

// ahead returns the revisions whose files are not in the directory. Those a checkpoint has replaced are not missing.
func ahead(files []migrate.File, history []*migrate.Revision) (unknown []*migrate.Revision) {
	known, first := map[string]bool{}, ""
	for i, f := range files {
		known[f.Version()] = true
		if ck, ok := f.(migrate.CheckpointFile); i == 0 && ok && ck.IsCheckpoint() {
			first = f.Version()
		}
	}
	for _, r := range history {
		if !known[r.Version] && r.Version > first && r.Type != migrate.RevisionTypeBaseline {
			unknown = append(unknown, r)
		}
	}
	return unknown
}

// checkEdited compares the hash each file had when it was applied with its hash now. A file's hash covers the files
// before it, so an agreement vouches for all of those, and of the disagreements after the last one only the first
// is sure to be an edit of that very file.
func (c *checker) checkEdited(history []*migrate.Revision) error {
	sums, err := c.Dir.Checksum()
	if err != nil {
		return models.WrapError(models.KindInternal, "The migrations can't be read.", err)
	}
	byVersion := map[string]*migrate.Revision{}
	for _, r := range history {
		byVersion[r.Version] = r
	}
	var suspect *Finding
	for _, f := range c.files {
		r := byVersion[f.Version()]
		if r == nil || r.Hash == "" || stopped(r) {
			continue
		}
		now, err := sums.SumByName(f.Name())
		if err != nil {
			continue // the file asks not to be hashed
		}
		if strings.TrimPrefix(r.Hash, "h1:") == strings.TrimPrefix(now, "h1:") {
			suspect = nil
		} else if suspect == nil {
			suspect = &Finding{
				Kind: KindEdited, Object: f.Version(), Change: "migration edited after it was applied",
				Expected: "h1:" + strings.TrimPrefix(r.Hash, "h1:"), Actual: "h1:" + strings.TrimPrefix(now, "h1:"),
				File: c.filePath(f.Name()), Line: 1,
			}
		}
	}
	if suspect != nil {
		c.findings = append(c.findings, *suspect)
	}
	return nil
}

// checkPending finds the files that were not applied, also those that sort before one that was.
func (c *checker) checkPending(ctx context.Context, history []*migrate.Revision) error {
	dir, err := c.vouched()
	if err != nil {
		return models.WrapError(models.KindInternal, "The migrations can't be read.", err)
	}
	pending, err := pendingFiles(ctx, dir, history)
	late := map[string]bool{}
	var disorder *migrate.HistoryNonLinearError
	switch {
	case errors.As(err, &disorder):
		for _, f := range disorder.OutOfOrder {
			late[f.Version()] = true
		}
		pending = append(slices.Clone(disorder.OutOfOrder), disorder.Pending...)
	case errors.As(err, new(*migrate.MissingMigrationError)):
		return nil // the failed and the unknown migration are findings of their own
	case err != nil:
		return models.WrapError(models.KindInternal, "The migrations can't be compared with what was applied.", err)
	}
	for _, f := range pending {
		if slices.ContainsFunc(history, func(r *migrate.Revision) bool { return r.Version == f.Version() }) {
			continue // it stopped halfway, which is a finding already
		}
		change := "migration not applied"
		if late[f.Version()] {
			change = "migration added out of order"
		}
		c.findings = append(c.findings, Finding{
			Kind: KindPending, Object: f.Version(), Change: change, Expected: f.Desc(),
			SQL: strings.TrimSpace(string(f.Bytes())), File: c.filePath(f.Name()), Line: 1,
		})
	}
	return nil
}

// vouched returns the directory, or a copy with a right atlas.sum: which files are pending can be told from their names.
func (c *checker) vouched() (migrate.Dir, error) {
	if !c.tampered {
		return c.Dir, nil
	}
	files, err := c.Dir.Files()
	if err != nil {
		return nil, err
	}
	dir := &migrate.MemDir{}
	if err := dir.CopyFiles(files); err != nil {
		return nil, err
	}
	sum, err := dir.Checksum()
	if err != nil {
		return nil, err
	}
	return dir, migrate.WriteSumFile(dir, sum)
}

// lineAt returns the line of a byte position, counted from 1.
func lineAt(text []byte, pos int) int {
	return 1 + strings.Count(string(text[:min(max(pos, 0), len(text))]), "\n")
}
