//go:build unix

package chaos

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/program"
	"resume-matcher/tests/testdb"
)

const (
	diskSize = "8m"
	// reserve is the size of the file whose removal frees space again.
	reserve = 4 << 20
	// diskTries is more uploads than fit on the disk.
	diskTries = 2000
)

// TestFullDiskSQLiteOnly lets the disk run full under uploads, then frees space.
func TestFullDiskSQLiteOnly(t *testing.T) {
	needed(t)
	if testdb.Dialect() != models.SQLite {
		t.Skip("Postgres has a disk of its own")
	}
	disk := smallDisk(t)
	filler := filepath.Join(disk, "filler")
	require.NoError(t, os.WriteFile(filler, make([]byte, reserve), 0o600))
	w := worldOn(t, models.OpenOptions{Dialect: models.SQLite, DSN: filepath.Join(disk, "app.db")})
	server := w.serve("server")
	notes, client := newLedger(), clientOf(server)
	refused := fill(t, notes, client)
	failure := refused.Failure().Error
	assert.Equal(t, http.StatusServiceUnavailable, refused.Status)
	assert.Equal(t, string(models.KindUnavailable), failure.Code)
	assert.Contains(t, failure.Message, "full", "it says what to do")
	stored := len(notes.ids)
	t.Logf("the disk was full after %d uploads: %d %s: %s", stored, refused.Status, failure.Code, failure.Message)

	for _, path := range []string{"/healthz", "/api/v1/resumes/list?limit=5", "/api/v1/status"} {
		answer, err := client.Send(t.Context(), program.Request{Method: http.MethodGet, Path: path})
		require.NoError(t, err)
		assert.Equal(t, http.StatusOK, answer.Status, "reading goes on: %s", path)
	}
	assert.Zero(t, notes.readAll(w, server.URL()))
	var rows, structures int
	require.NoError(t, w.look().Raw("SELECT count(*) FROM resumes").Scan(&rows).Error)
	require.NoError(t, w.look().Raw("SELECT count(*) FROM processed_resumes").Scan(&structures).Error)
	assert.Equal(t, []int{stored, stored}, []int{rows, structures}, "nothing is half stored")

	require.NoError(t, os.Remove(filler))
	assert.Eventually(t, func() bool {
		answer, err := notes.upload(t.Context(), client, notes.pick(), true)
		return err == nil && answer.Status == http.StatusOK
	}, startTimeout, 50*time.Millisecond, "freed space is used without a restart")
	notes.verify(w, server.URL())
	require.NoError(t, server.Stop(startTimeout))
}

// fill uploads until that is refused some times in a row, deferred or not, and returns the last answer.
func fill(t *testing.T, notes *ledger, client *program.Client) program.Answer {
	t.Helper()
	refused := 0
	for range diskTries {
		answer, err := notes.upload(t.Context(), client, notes.pick(), false)
		require.NoError(t, err, "every request is answered")
		if answer.Status == http.StatusOK {
			refused = 0
			continue
		}
		if refused++; refused == 10 {
			return answer
		}
	}
	t.Fatal("the disk was never full")
	return program.Answer{}
}

// smallDisk mounts a file system in memory, which is gone with the test. Who is not root needs sudo without a password.
func smallDisk(t *testing.T) string {
	t.Helper()
	disk := t.TempDir()
	owned := fmt.Sprintf("size=%s,mode=700,uid=%d,gid=%d", diskSize, os.Getuid(), os.Getgid())
	out, err := asRoot("mount", "-t", "tmpfs", "-o", owned, "tmpfs", disk).CombinedOutput()
	require.NoError(t, err, "%s\nThe right to mount a tmpfs is needed: be root, or leave it out with --only kill,restart,replicas.", out)
	t.Cleanup(func() {
		out, err := asRoot("umount", disk).CombinedOutput()
		assert.NoError(t, err, string(out))
	})
	return disk
}

func asRoot(command ...string) *exec.Cmd {
	if os.Getuid() != 0 {
		command = append([]string{"sudo", "-n"}, command...)
	}
	return exec.Command(command[0], command[1:]...)
}
