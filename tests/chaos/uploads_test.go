//go:build unix

package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/tests/program"
	"resume-matcher/tests/samples"
)

const (
	// uploadPause keeps the number of uploads, all of which are read again at the end, within reason.
	uploadPause = 15 * time.Millisecond
	// retryPause is how long a client waits for a server that is away.
	retryPause = 5 * time.Millisecond
	// requestTimeout is when a client gives a request up for hanging.
	requestTimeout = 2 * time.Minute
)

// ledger notes what the server has promised to keep.
type ledger struct {
	// patience is when a client takes an upload for one that hangs.
	patience time.Duration
	// token, if not empty, is the session that uploads.
	token string

	mu   sync.Mutex
	next int
	// ids holds the résumé of each document whose upload was acknowledged.
	ids map[int]string
	// acknowledged counts the uploads, those of the same document included.
	acknowledged, deferred int
	wrong                  []string
}

func newLedger() *ledger { return &ledger{patience: requestTimeout, ids: map[int]string{}} }

func (l *ledger) client(url string, connections int) *program.Client {
	client := program.NewClient(url, connections, l.patience)
	client.Token = l.token
	return client
}

// pick chooses a document: mostly a new one, now and then one that was tried before.
func (l *ledger) pick() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next > 0 && rand.IntN(5) == 0 {
		return rand.IntN(l.next)
	}
	l.next++
	return l.next - 1
}

// document is the file of a number; one in forty is a PDF.
func document(n int) samples.Document {
	if n%40 == 7 {
		return samples.PDF(n)
	}
	return samples.Markdown(n)
}

func (l *ledger) acknowledge(n int, id string, deferred bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acknowledged++
	if deferred {
		l.deferred++
	}
	if held, known := l.ids[n]; known && held != id {
		l.wrong = append(l.wrong, fmt.Sprintf("document %d was acknowledged as two résumés", n))
	}
	l.ids[n] = id
}

// count tells how many uploads were acknowledged.
func (l *ledger) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.acknowledged
}

func (l *ledger) complain(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

// upload sends the document of a number; it may fail only as a server that is away or busy does.
func (l *ledger) upload(ctx context.Context, client *program.Client, n int, deferred bool) (program.Answer, error) {
	doc := document(n)
	answer, err := client.Send(ctx, program.Upload(doc.Name, doc.Data, deferred))
	if err != nil {
		return answer, err
	}
	switch answer.Status {
	case http.StatusOK:
		id, err := answer.ResumeID()
		if err != nil || id == "" {
			l.complain("an upload was acknowledged without an id")
			return answer, err
		}
		l.acknowledge(n, id, deferred)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
	default:
		l.complain("an upload was answered %d %s", answer.Status, answer.Failure().Error.Code)
	}
	return answer, nil
}

// uploadAll keeps some clients uploading until the returned function is called; it waits for them.
func (l *ledger) uploadAll(t *testing.T, url string, clients int) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	client := l.client(url, clients)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			for turn := 0; ctx.Err() == nil; turn++ {
				l.insist(ctx, client, (turn+i)%2 == 0)
				time.Sleep(uploadPause)
			}
		})
	}
	return func() {
		cancel()
		wg.Wait()
		client.HTTP.CloseIdleConnections()
	}
}

// insist uploads a document until that is acknowledged, as a client does that heard nothing or is told to come back.
func (l *ledger) insist(ctx context.Context, client *program.Client, deferred bool) {
	for n := l.pick(); ctx.Err() == nil; time.Sleep(retryPause) {
		began := time.Now()
		// A client that gives up would not learn whether it was acknowledged, so this one does not.
		answer, err := l.upload(context.WithoutCancel(ctx), client, n, deferred)
		if time.Since(began) >= l.patience {
			l.complain("an upload hung")
		}
		if err == nil && answer.Status == http.StatusOK {
			return
		}
	}
}

// settleTimeout is how long deferred work may take to end after the last start: a killed worker's lease, and the work.
const settleTimeout = 10 * time.Minute

// verify checks on a running server that everything acknowledged is there, once, whole and processed.
func (l *ledger) verify(w *world, url string) {
	w.t.Helper()
	assert.Empty(w.t, l.wrong)
	require.NotEmpty(w.t, l.ids, "without an acknowledged upload nothing is tried")
	unfinished := "SELECT count(*) FROM resumes WHERE processing_status <> 'ready'"
	assert.Eventually(w.t, func() bool { return w.count(unfinished) == 0 }, settleTimeout, 50*time.Millisecond, "every résumé gets ready")
	assert.Eventually(w.t, func() bool {
		return w.count("SELECT count(*) FROM tasks WHERE status IN ('queued', 'running') AND workspace_id IS NOT NULL") == 0
	}, settleTimeout, 50*time.Millisecond, "every task ends")
	assert.Zero(w.t, w.count("SELECT count(*) FROM tasks WHERE status = 'failed'"), "failed tasks")
	assert.Zero(w.t, w.count("SELECT count(*) FROM (SELECT 1 AS x FROM resumes GROUP BY workspace_id, content_hash HAVING count(*) > 1) AS d"), "contents stored twice")
	assert.Zero(w.t, w.count("SELECT count(*) FROM resumes WHERE NOT EXISTS (SELECT 1 FROM processed_resumes AS p WHERE p.resume_id = resumes.id)"), "résumés without a structure")
	assert.Equal(w.t, 1, w.count("SELECT count(*) FROM resumes WHERE is_master"), "masters")
	rows := w.count("SELECT count(*) FROM resumes")
	assert.GreaterOrEqual(w.t, rows, len(l.ids), "rows for what was acknowledged")
	assert.LessOrEqual(w.t, rows, l.next, "rows for what was sent")
	lost := l.readAll(w, url)
	assert.Zero(w.t, lost, "acknowledged uploads that are lost")
	w.t.Logf("%d uploads acknowledged (%d deferred) of %d documents, %d rows; %d lost, 0 doubled", l.acknowledged, l.deferred, l.next, rows, lost)
	w.checkIntegrity()
}

// readAll reads every acknowledged upload and counts those that are not there as they were sent.
func (l *ledger) readAll(w *world, url string) (lost int) {
	w.t.Helper()
	const readers = 4
	client := l.client(url, readers)
	defer client.HTTP.CloseIdleConnections()
	numbers := make(chan int)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range readers {
		wg.Go(func() {
			for n := range numbers {
				found, status, err := client.Resume(w.t.Context(), l.ids[n])
				if err == nil && status == http.StatusOK && holds(found.Content, document(n)) {
					continue
				}
				mu.Lock()
				if lost++; lost <= 3 {
					w.t.Errorf("document %d: status %d, error %v, content as sent: %t", n, status, err, holds(found.Content, document(n)))
				}
				mu.Unlock()
			}
		})
	}
	for n := range l.ids {
		numbers <- n
	}
	close(numbers)
	wg.Wait()
	return lost
}

// holds tells whether all words of a document stand in its stored content, whatever marks stand between them.
func holds(content string, doc samples.Document) bool {
	plain := func(text string) string {
		return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n#*-_\\<>", r) }), " ")
	}
	content = plain(content)
	for _, line := range doc.Lines {
		if !strings.Contains(content, plain(line)) {
			return false
		}
	}
	return true
}
