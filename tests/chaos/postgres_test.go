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
	"time"

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

// main is the process that starts all others of the server.
func (p postgres) main() int {
	p.t.Helper()
	content, err := os.ReadFile(os.Getenv("TEST_POSTGRES_PID"))
	require.NoError(p.t, err)
	pid, err := strconv.Atoi(strings.SplitN(string(content), "\n", 2)[0])
	require.NoError(p.t, err)
	return pid
}

// freeze stops all processes of the server, the one that could start others first, and waits until they stand still.
func (p postgres) freeze() {
	p.t.Helper()
	main := p.main()
	p.stop(main)
	for _, pid := range children(main) {
		p.stop(pid)
	}
}

func (p postgres) stop(pid int) {
	p.t.Helper()
	_ = syscall.Kill(pid, syscall.SIGSTOP) // one that has ended meanwhile is no loss
	require.Eventually(p.t, func() bool {
		state, _, found := process(pid)
		return !found || state == "T" || state == "Z"
	}, startTimeout, time.Millisecond)
}

func (p postgres) thaw() {
	p.t.Helper()
	main := p.main()
	for _, pid := range append(children(main), main) {
		_ = syscall.Kill(pid, syscall.SIGCONT)
	}
}

// children lists the processes that a process has started, on systems with /proc.
func children(parent int) []int {
	var found []int
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil {
			continue
		}
		if _, its, known := process(pid); known && its == parent {
			found = append(found, pid)
		}
	}
	return found
}

// process tells the state of a process, such as T for stopped, and who started it.
func process(pid int) (state string, parent int, found bool) {
	content, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return "", 0, false
	}
	// The name in parentheses may hold spaces.
	_, rest, _ := strings.Cut(string(content), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 2 {
		return "", 0, false
	}
	parent, err = strconv.Atoi(fields[1])
	return fields[0], parent, err == nil
}
