package tests

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func (s *Server) try(t *testing.T, p prepared) Response {
	t.Helper()
	var body io.Reader
	if p.body != "" {
		body = strings.NewReader(p.body)
	}
	return s.Do(t, p.method, p.target, p.contentType, body)
}

func TestEveryOperationIsKnownToTheTestsOfWorkspaces(t *testing.T) {
	taking, none := takingIDs(), takingNone()
	known := map[string]bool{}
	for _, o := range operations(t, Start(t)) {
		known[o.id] = true
		places := o.idPlaces()
		attempts, takes := taking[o.id]
		require.True(t, takes != slices.Contains(none, o.id), "%s (%s): add it to takingIDs or takingNone", o.name(), o.id)
		require.Equal(t, takes, len(places) > 0, "%s (%s) takes %v", o.name(), o.id, places)
		for _, place := range places {
			assert.True(t, slices.ContainsFunc(attempts, func(a attempt) bool { return strings.Contains(a.names(o, place), "{a.") }),
				"%s: no attempt has a foreign %s", o.name(), place)
		}
	}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(taking)), none, publicOperations(), adminOperations()) {
		assert.True(t, known[id], "there is no operation %s any more", id)
	}
}

// TestForeignIDsAreNobodysIDs sends every operation that takes ids with another workspace's: the answer is that for ids
// which nobody has, tells nothing of the other workspace and changes nothing in it. With own ids it is a success that
// tells nothing of the others either, as a list of all that matches would.
func TestForeignIDsAreNobodysIDs(t *testing.T) {
	s := startTenants(t)
	a, b := newTenant(t, s, "Quillfeather"), newTenant(t, s, "Brackenridge")
	secrets, before, missing := a.secrets(t), a.rows(t), nobody(a)
	for _, o := range operations(t, s) {
		for _, try := range takingIDs()[o.id] {
			t.Run(o.name()+" "+try.path+try.query+try.body, func(t *testing.T) {
				foreign, unknown := o.prepare(try, a, b), o.prepare(try, missing, b)
				requests := [][2]prepared{{foreign, unknown}}
				if o.streams() {
					requests = append(requests, [2]prepared{foreign.streamed(), unknown.streamed()})
				}
				for _, request := range requests {
					r := b.try(t, request[0])
					try.check(t, r)
					requireNothingOf(t, secrets, request[0].target+request[0].body, r)
					assert.Equal(t, withoutIDs(b.try(t, request[1])), withoutIDs(r))
				}
				require.Equal(t, before, a.rows(t))
				c := newTenant(t, s, "Copperfield")
				r := c.try(t, o.prepare(try, c, c))
				assert.Equal(t, http.StatusOK, r.Status, "the attempt is no valid request: %s", r.Body)
				requireNothingOf(t, secrets, "", r)
			})
		}
	}
}

func (a attempt) check(t *testing.T, r Response) {
	t.Helper()
	if a.code == harmless {
		require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
		assert.EqualValues(t, 0, r.JSON(t)["deleted"])
		return
	}
	code := a.code
	if code == "" {
		code = models.KindResumeNotFound
	}
	require.Equal(t, http.StatusNotFound, r.Status, "%s", r.Body)
	checkFailure(t, r, string(code))
}

// withoutIDs is an answer that can be compared with another one.
func withoutIDs(r Response) []string {
	names := slices.Sorted(maps.Keys(r.Header))
	return append(names, idPattern.ReplaceAllString(string(r.Body), "id"))
}

// TestOperationsWithoutIDsShowOnlyTheirOwnWorkspace also sends the other workspace's file.
func TestOperationsWithoutIDsShowOnlyTheirOwnWorkspace(t *testing.T) {
	s := startTenants(t)
	a, b := newTenant(t, s, "Quillfeather"), newTenant(t, s, "Brackenridge")
	secrets, before := a.secrets(t), a.rows(t)
	all := operations(t, s)
	for _, id := range takingNone() {
		for _, o := range all {
			if o.id != id {
				continue
			}
			t.Run(o.name(), func(t *testing.T) {
				client := b.Server
				if slices.Contains(adminOperations(), id) {
					client = s.As(s.NewToken(t, b.workspaceID, models.ScopeAdmin))
				}
				p := prepared{method: o.method, target: o.path}
				if id == "uploadResume" {
					contentType, form := Form(t, "cv.md", bytes.ReplaceAll(a.file, []byte(a.mark), []byte("Hill"+o.method)))
					p.contentType, p.body = contentType, form.String()
				}
				r := client.try(t, p)
				assert.NotContains(t, []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusInternalServerError}, r.Status, "%s", r.Body)
				requireNothingOf(t, secrets, "", r)
				require.Equal(t, before, a.rows(t))
			})
		}
	}
}

// TestOthersChangeNothingInOnesOwnAnswers reads everything that can be read without an id before and after somebody else
// comes: figures that count others too hold none of their words.
func TestOthersChangeNothingInOnesOwnAnswers(t *testing.T) {
	s := startTenants(t)
	a := newTenant(t, s, "Quillfeather")
	reads := slices.DeleteFunc(operations(t, s), func(o operation) bool {
		others := slices.Concat(publicOperations(), adminOperations())
		return o.method != http.MethodGet || !slices.Contains(takingNone(), o.id) || slices.Contains(others, o.id)
	})
	require.NotEmpty(t, reads)
	read := func() []string {
		var answers []string
		for _, o := range reads {
			r := a.try(t, prepared{method: o.method, target: o.path})
			require.Equal(t, http.StatusOK, r.Status, "%s: %s", o.name(), r.Body)
			answers = append(answers, o.name()+" "+changing.ReplaceAllString(string(r.Body), ""))
		}
		return answers
	}
	before := read()
	b := newTenant(t, s, "Brackenridge")
	require.Equal(t, http.StatusOK, b.Upload(t, "again.md", b.file).Status)
	assert.Equal(t, before, read())
}

// changing is what may differ between two answers to the same request: their ids, when they were made, and when anybody
// last asked the model.
var changing = regexp.MustCompile(`"(request_id|exported_at|last_used_at|checked_at)":"[^"]*"`)

// TestSameFileInAnotherWorkspaceIsNew compares the second workspace's answer with the first one's, word for word.
func TestSameFileInAnotherWorkspaceIsNew(t *testing.T) {
	s := startTenants(t)
	a := newTenant(t, s, "Quillfeather")
	before := a.rows(t)
	token, _ := s.NewSession(t)
	r := s.As(token).Upload(t, "Quillfeather.md", a.file)
	require.Equal(t, http.StatusOK, r.Status)
	assert.NotEqual(t, a.ids["resume"], r.JSON(t)["resume_id"])
	assert.Equal(t, withoutIDs(a.uploaded), withoutIDs(r))
	assert.Equal(t, before, a.rows(t))
}

// TestOperationsAskForCredentials sends every operation without a credential, and with one whose scope is too weak.
func TestOperationsAskForCredentials(t *testing.T) {
	s := startTenants(t)
	a := newTenant(t, s, "Quillfeather")
	before := a.rows(t)
	reader, writer := s.As(s.NewToken(t, a.workspaceID, models.ScopeRead)), s.As(s.NewToken(t, a.workspaceID, models.ScopeWrite))
	delete(before, "api_tokens")
	delete(before, "workspaces") // its last use
	for _, o := range operations(t, s) {
		t.Run(o.name(), func(t *testing.T) {
			p := prepared{method: o.method, target: o.path}
			if attempts := takingIDs()[o.id]; attempts != nil {
				p = o.prepare(attempts[0], a, a)
			}
			if slices.Contains(publicOperations(), o.id) {
				assert.Equal(t, http.StatusOK, s.try(t, p).Status)
				return
			}
			r := s.try(t, p)
			require.Equal(t, http.StatusUnauthorized, r.Status, "%s", r.Body)
			checkFailure(t, r, "UNAUTHORIZED")
			assert.Equal(t, "Bearer", r.Header.Get("WWW-Authenticate"))
			admin := slices.Contains(adminOperations(), o.id)
			writes := o.method != http.MethodGet && o.method != http.MethodHead
			if r = reader.try(t, p); admin || writes {
				require.Equal(t, http.StatusForbidden, r.Status, "%s", r.Body)
				checkFailure(t, r, "FORBIDDEN")
			} else {
				assert.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
			}
			if admin {
				checkFailure(t, writer.try(t, p), "FORBIDDEN")
			}
			after := a.rows(t)
			delete(after, "api_tokens")
			delete(after, "workspaces")
			require.Equal(t, before, after)
		})
	}
}

// TestStreamsAreNotReplayedToOthers sends the id of the last event of another workspace's stream.
func TestStreamsAreNotReplayedToOthers(t *testing.T) {
	s := startTenants(t)
	a, b := newTenant(t, s, "Quillfeather"), newTenant(t, s, "Brackenridge")
	const path = "/api/v1/resumes/improve/preview"
	events := a.streamed(t, path, "", a.pair())
	first := strings.TrimPrefix(strings.Split(events[0], "\n")[0], "id: ")
	require.Equal(t, events[1:], a.streamed(t, path, first, a.pair()), "its own workspace hears the rest")

	own := b.streamed(t, path, first, b.pair())
	assert.Contains(t, own[0], `"starting"`, "the request starts anew")
	requireNothingOf(t, a.secrets(t), first, Response{Body: []byte(strings.Join(own, ""))})
	assert.NotContains(t, strings.Join(own, ""), strings.Split(first, "-")[0])

	for _, target := range []string{path + "?stream=true", path + "?stream=true&last_event_id=" + first} {
		body, err := json.Marshal(a.pair())
		require.NoError(t, err)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+target, bytes.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Last-Event-ID", first)
		r := b.Send(t, request)
		require.Equal(t, http.StatusNotFound, r.Status)
		checkFailure(t, r, "RESUME_NOT_FOUND")
	}
}
