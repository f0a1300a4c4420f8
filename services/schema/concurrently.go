package schema

import "regexp"

var concurrentIndex = regexp.MustCompile(`(?i)^(\s*(?:create\s+(?:unique\s+)?|drop\s+)index\s+)concurrently\s+`)

// replayable returns a statement that can run in a transaction and has the same effect on an empty schema: an index
// can't be built concurrently in one, and without rows nobody waits for it.
func replayable(statement string) string { return concurrentIndex.ReplaceAllString(statement, "$1") }
