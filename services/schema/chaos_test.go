package schema_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"ariga.io/atlas/sql/migrate"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/tests/testdb"
)

// chaosChild names the database that a process of this test binary migrates.
const chaosChild = "TEST_CHAOS_CHILD"

const chaosFiles = 8

// chaosDir holds files of several statements each. Every table gets rows, whose number tells whether a statement ran
// twice or not at all. The odd files run outside of a transaction if mixed is set.
func chaosDir(t *testing.T, mixed bool) migrate.Dir {
	t.Helper()
	texts := map[string]string{}
	for i := range chaosFiles {
		var b strings.Builder
		if mixed && i%2 == 1 {
			b.WriteString("-- atlas:txmode none\n\n")
		}
		for j := range 4 {
			table := fmt.Sprintf("chaos_%d_%d", i, j)
			fmt.Fprintf(&b, "CREATE TABLE %s (n bigint NOT NULL, PRIMARY KEY (n));\n", table)
			fmt.Fprintf(&b, "INSERT INTO %s WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 200) SELECT n FROM s;\n", table)
		}
		texts[fmt.Sprintf("%04d_chaos.sql", i+1)] = b.String()
	}
	files := localFiles(texts)
	return memDir(t, files)
}

// TestChaosChild is the process that gets killed.
func TestChaosChild(t *testing.T) {
	dsn := os.Getenv(chaosChild)
	if dsn == "" {
		t.Skip("runs in a process that another test starts")
	}
	conns := connect(t, models.OpenOptions{Dialect: testdb.Dialect(), DSN: dsn})
	_, err := schema.UpDir(context.Background(), conns, testdb.Dialect(), chaosDir(t, os.Getenv("TEST_CHAOS_MIXED") != ""))
	require.NoError(t, err)
}

func chaosProcess(o models.OpenOptions, mixed bool) *exec.Cmd {
	child := exec.Command(os.Args[0], "-test.run=^TestChaosChild$")
	child.Env = append(os.Environ(), chaosChild+"="+o.DSN)
	if mixed {
		child.Env = append(child.Env, "TEST_CHAOS_MIXED=1")
	}
	return child
}

func TestKilledMigrationIsFinishedByTheNextRun(t *testing.T) {
	for name, mixed := range map[string]bool{"in transactions": false, "outside of transactions": true} {
		t.Run(name, func(t *testing.T) {
			whole := testdb.Blank(t)
			start := time.Now()
			require.NoError(t, chaosProcess(whole, mixed).Run())
			took := time.Since(start)
			require.Equal(t, chaosFiles, count(t, connect(t, whole), "atlas_schema_revisions"), "the child migrates: a kill meets it at work")
			runs := 5
			if text := os.Getenv("CHAOS_RUNS"); text != "" {
				var err error
				runs, err = strconv.Atoi(text)
				require.NoError(t, err)
			}
			for range runs {
				o := testdb.Blank(t)
				killed := chaosProcess(o, mixed)
				require.NoError(t, killed.Start())
				time.Sleep(rand.N(took))
				require.NoError(t, killed.Process.Kill())
				_ = killed.Wait()
				finishChaos(t, o, mixed)
			}
		})
	}
}

// finishChaos migrates again and, where the program says that a statement may have run unrecorded, does as it says.
func finishChaos(t *testing.T, o models.OpenOptions, mixed bool) {
	t.Helper()
	conns := connect(t, o)
	dir := chaosDir(t, mixed)
	_, err := schema.UpDir(t.Context(), conns, o.Dialect, dir)
	if err != nil {
		require.True(t, mixed, "a transaction leaves nothing half done: %v", err)
		require.ErrorContains(t, err, "undo what it did and run migrate up again")
		statement := ""
		require.NoError(t, conns.QueryRowContext(t.Context(), "SELECT error_stmt FROM atlas_schema_revisions WHERE error <> ''").Scan(&statement))
		undo := "DROP TABLE " + strings.Fields(statement)[2]
		if strings.HasPrefix(statement, "INSERT") {
			undo = "DELETE FROM " + strings.Fields(statement)[2]
		}
		_, err = conns.ExecContext(t.Context(), undo)
		require.NoError(t, err)
		_, err = schema.UpDir(t.Context(), conns, o.Dialect, dir)
		require.NoError(t, err)
	}
	require.Equal(t, chaosFiles, count(t, conns, "atlas_schema_revisions WHERE applied = total AND error = ''"))
	for i := range chaosFiles {
		for j := range 4 {
			require.Equal(t, 200, count(t, conns, fmt.Sprintf("chaos_%d_%d", i, j)))
		}
	}
}
