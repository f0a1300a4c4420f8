package cmd

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

// nextMigration is the file that migrationsWith adds, newer than any other.
const nextMigration = "99999999999999_next.sql"

// migrationsWith returns a copy of the migrations with one more file for SQLite.
func migrationsWith(t *testing.T, text string) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS("../migrations")))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "sqlite", nextMigration), []byte(text), 0o600))
	require.NoError(t, schema.Hash(folder))
	return folder
}

func TestMigrateLint(t *testing.T) {
	const loss = "ALTER TABLE `jobs` DROP COLUMN `language`;\n"
	useDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: filepath.Join(t.TempDir(), "absent.db")})
	newest := newestVersion(t, models.SQLite)
	all := len(builtIn(t, models.SQLite)) + 1
	for name, c := range map[string]struct {
		text string
		args []string
		code int
		want string
	}{
		"a new database has nothing to lose": {loss, nil, 0, fmt.Sprintf("all of %d migrations is new", all)},
		"a database with rows":               {loss, []string{"--from", newest}, 1, "sqlite/" + nextMigration + ":1: DS103: "},
		"the latest file":                    {loss, []string{"--latest", "1"}, 1, "-- atlas:nolint CODE"},
		"accepted":                           {"-- atlas:nolint DS103\n" + loss, []string{"--from", newest}, 0, "1 migration after " + newest + ", 0 warnings"},
		"annotation":                         {loss, []string{"--from", newest, "--format", "github"}, 1, "sqlite/" + nextMigration + ",line=1,title=Migration lint%3A DS103::"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := migrationsWith(t, c.text)
			code, out, errOut := run(t, "", append([]string{"migrate", "lint", "--dialect", "sqlite", "--dir", folder}, c.args...)...)
			assert.Equal(t, c.code, code, errOut)
			assert.Contains(t, out, c.want)
		})
	}
}

func TestMigrateLintIsJSONForPrograms(t *testing.T) {
	folder := migrationsWith(t, "DROP TABLE `llm_usage`;\n")
	code, out, errOut := run(t, "", "migrate", "lint", "--dialect", "sqlite", "--dir", folder, "--from", newestVersion(t, models.SQLite), "--format", "json")
	require.Equal(t, 1, code, errOut)
	var linted []schema.Linted
	require.NoError(t, json.Unmarshal([]byte(out), &linted))
	require.Equal(t, "DS102", linted[0].Warnings[0].Code)
}

func TestMigrateLintStartsFromTheConfiguredDatabase(t *testing.T) {
	useDatabase(t, testdb.Migrated(t))
	code, out, errOut := run(t, "", "migrate", "lint")
	require.Equal(t, 0, code, errOut)
	require.Equal(t, fmt.Sprintf("sqlite: no migration after %s\npostgres: no migration after %s\n",
		newestVersion(t, models.SQLite), newestVersion(t, models.Postgres)), out)
}

func TestTheProgramsOwnMigrationsAreClean(t *testing.T) {
	useDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: filepath.Join(t.TempDir(), "absent.db")})
	code, out, errOut := run(t, "", "migrate", "lint", "--dir", "../migrations")
	require.Equal(t, 0, code, out+errOut)
}

func TestMigrateLintThatCannotLintIsExitCode2(t *testing.T) {
	useDatabase(t, models.OpenOptions{Dialect: models.SQLite, DSN: filepath.Join(t.TempDir(), "absent.db")})
	for name, args := range map[string][]string{
		"unknown version":    {"--from", "0099"},
		"unknown dialect":    {"--dialect", "oracle"},
		"unknown format":     {"--format", "sarif"},
		"negative number":    {"--latest", "-1"},
		"two ways to choose": {"--latest", "1", "--from", "0001"},
		"no Postgres server": {"--from", "0001", "--dialect", "postgres"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errOut := run(t, "", append([]string{"migrate", "lint"}, args...)...)
			assert.Equal(t, 2, code)
			assert.Empty(t, out)
			assert.NotEmpty(t, errOut)
		})
	}
}
