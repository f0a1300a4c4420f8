package documents

import "context"

type sandbox struct {
	cacheDir string
	workers  int
}

func (s *sandbox) markdown(ctx context.Context, data []byte) (string, int, error) {
	return "", 0, errSandbox(nil)
}
func (s *sandbox) start(ctx context.Context) (any, error) { return nil, nil }
func (s *sandbox) close() error                            { return nil }
func docxMarkdown(ctx context.Context, data []byte) (string, error) { return "", errUnreadable(nil) }
func odtMarkdown(ctx context.Context, data []byte) (string, error)  { return "", errUnreadable(nil) }
func rtfMarkdown(ctx context.Context, data []byte) (string, error)  { return "", errUnreadable(nil) }
