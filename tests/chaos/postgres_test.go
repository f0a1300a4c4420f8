//go:build unix

package chaos

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// postgres is the throwaway server that scripts/with_postgres started with POSTGRES_DURABLE=true.
type postgres struct {
	t       *testing.T
	control string
}

func ownPostgres(t *testing.T) postgres {
	t.Helper()
	control := os.Getenv("TEST_POSTGRES_CONTROL")
	if control == "" {
		t.Skip("needs a Postgres that it may stop: run it with scripts/chaos")
	}
	return postgres{t, control}
}

// command runs pg_ctl, as in "-m immediate restart".
func (p postgres) command(arguments string) {
	p.t.Helper()
	out, err := exec.Command("sh", "-c", p.control+" "+arguments).CombinedOutput()
	require.NoError(p.t, err, string(out))
}

// signal sends a signal to all processes of the server.
func (p postgres) signal(signal syscall.Signal) {
	p.t.Helper()
	content, err := os.ReadFile(os.Getenv("TEST_POSTGRES_PID"))
	require.NoError(p.t, err)
	main, err := strconv.Atoi(strings.SplitN(string(content), "\n", 2)[0])
	require.NoError(p.t, err)
	for _, pid := range append(children(main), main) {
		_ = syscall.Kill(pid, signal) // one that has ended meanwhile is no loss
	}
}

// children lists the processes that a process has started, on systems with /proc.
func children(parent int) []int {
	var found []int
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		// The name in parentheses may hold spaces; state and parent follow it.
		_, rest, _ := strings.Cut(string(content), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 2 || fields[1] != strconv.Itoa(parent) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			found = append(found, pid)
		}
	}
	return found
}
