package transfer_test

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/schema"
	"resume-matcher/services/transfer"
)

var background = context.Background()

// copyChild makes a process of this test binary copy what the variable says.
const copyChild = "TEST_COPY_CHILD"

// childPatience bounds the life of a child that nobody kills.
const childPatience = 2 * time.Minute

// childWork is what a child is to do.
type childWork struct {
	FromDialect, ToDialect models.Dialect
	FromDSN, ToDSN         string
	BatchRows              int
	// MostRows are copied at the most, and then the child waits to be killed; 0 means all.
	MostRows int64
}

func TestMain(m *testing.M) {
	text := os.Getenv(copyChild)
	if text == "" {
		os.Exit(m.Run())
	}
	var work childWork
	err := json.Unmarshal([]byte(text), &work)
	if err == nil {
		err = work.run()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run copies, and prints the rows that are done.
func (w childWork) run() error {
	from, err := openSource(models.OpenOptions{Dialect: w.FromDialect, DSN: w.FromDSN})
	if err != nil {
		return err
	}
	defer from.Conns.Close()
	to, err := openTarget(models.OpenOptions{Dialect: w.ToDialect, DSN: w.ToDSN})
	if err != nil {
		return err
	}
	defer to.Conns.Close()
	c, err := transfer.Prepare(background, transfer.Options{
		From: from, To: to, BatchRows: w.BatchRows,
		Progress: func(p transfer.Progress) {
			if p.Phase != transfer.Copying {
				return
			}
			fmt.Println(p.Done)
			if w.MostRows > 0 && p.Done >= w.MostRows {
				time.Sleep(childPatience)
			}
		},
	})
	if err != nil {
		return err
	}
	defer c.Close()
	results, err := c.Run(background)
	if err != nil {
		return err
	}
	for _, r := range results {
		if !r.Equal() {
			return fmt.Errorf("%s differs", r.Table)
		}
	}
	return nil
}

// process returns a child that copies from one database to the other, most rows or all if that is 0.
func process(t testing.TB, from, to models.OpenOptions, batchRows int, most int64) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(childWork{from.Dialect, to.Dialect, from.DSN, to.DSN, batchRows, most})
	require.NoError(t, err)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), copyChild+"="+string(text))
	child.Stderr = os.Stderr
	return child
}

// killAfter ends the child, as a power cut would, once it has said that so many rows are there.
func killAfter(t testing.TB, child *exec.Cmd, rows int64) {
	t.Helper()
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var done int64
		_, err := fmt.Sscan(lines.Text(), &done)
		require.NoError(t, err)
		if done >= rows {
			break
		}
	}
	require.NoError(t, child.Process.Kill())
	_, _ = io.Copy(io.Discard, out)
	require.Error(t, child.Wait(), "the child was to be killed before its end")
}

func migrate(conns *sql.DB) error {
	_, err := schema.Up(background, conns, models.SQLite)
	return err
}
