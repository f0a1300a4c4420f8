// Package migrations holds the versioned schema changes of each dialect, made by the program itself from the models.
package migrations

import "embed"

// FS holds one Atlas directory a dialect, sqlite and postgres, each with its atlas.sum.
//
//go:embed sqlite postgres
var FS embed.FS
