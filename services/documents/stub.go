package documents

import "context"

func docxMarkdown(ctx context.Context, data []byte) (string, error) { return "", errUnreadable(nil) }
func odtMarkdown(ctx context.Context, data []byte) (string, error)  { return "", errUnreadable(nil) }
func rtfMarkdown(ctx context.Context, data []byte) (string, error)  { return "", errUnreadable(nil) }
