package tests

import (
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/models"
)

// unowned are functions whose statements are about no single workspace, with what bounds them instead.
var unowned = map[string]string{
	"resume-matcher/services/tasks.":                     "workers take the tasks of all workspaces, and write under the token of their attempt",
	"resume-matcher/services/cache.(*sweep)":             "removes what has expired, whose it ever is",
	"resume-matcher/services/cache.(*Store).cohorts":     "finds what has expired",
	"resume-matcher/services/cache.(*Store).Entries":     "counts for operators",
	"resume-matcher/services.(*Tailoring).CleanPreviews": "removes what has expired",
	"resume-matcher/services/access.(*Tokens)":           "finds whose a token is by its hash",
	"resume-matcher/services/access.findWorkspace":       "finds whose an identity is by its hash",
}

var (
	afterWhere = regexp.MustCompile(`(?is)\bwhere\b(.*)`)
	tableNames = regexp.MustCompile("(?i)\\b(?:from|join|update)\\s+[\"`]?(\\w+)")
)

// ownerWatch finds statements of the program that read, change or delete rows of a table with a workspace_id and do not
// say whose.
type ownerWatch struct {
	owned map[string]bool

	mu    sync.Mutex
	found map[string]string // statement by the function that ran it
}

// watchOwners fails the test at its end if the program ran such a statement.
func watchOwners(t testing.TB, db *gorm.DB) {
	t.Helper()
	const name = "tests:owners"
	if db.Callback().Query().Get(name) != nil {
		return // a second server on the same database
	}
	w := &ownerWatch{owned: map[string]bool{}, found: map[string]string{}}
	for _, model := range models.All() {
		statement := gorm.Statement{DB: db}
		require.NoError(t, statement.Parse(model))
		w.owned[statement.Table] = statement.Schema.LookUpField("workspace_id") != nil
	}
	callbacks := db.Callback()
	require.NoError(t, callbacks.Query().After("gorm:query").Register(name, w.check))
	require.NoError(t, callbacks.Row().After("gorm:row").Register(name, w.check))
	require.NoError(t, callbacks.Raw().After("gorm:raw").Register(name, w.check))
	require.NoError(t, callbacks.Update().After("gorm:update").Register(name, w.check))
	require.NoError(t, callbacks.Delete().After("gorm:delete").Register(name, w.check))
	t.Cleanup(func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for caller, sql := range w.found {
			t.Errorf("%s does not name the workspace: %s", caller, sql)
		}
	})
}

func (w *ownerWatch) check(tx *gorm.DB) {
	sql := tx.Statement.SQL.String()
	if !w.lacksOwner(sql) {
		return
	}
	caller := callerInProgram()
	for exception := range unowned {
		if strings.HasPrefix(caller, exception) {
			return
		}
	}
	if caller == "" {
		return // the test's own statement
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found[caller] = sql
}

// lacksOwner tells whether a statement touches a workspace's rows without a condition on whose they are.
func (w *ownerWatch) lacksOwner(sql string) bool {
	if strings.HasPrefix(strings.ToUpper(strings.TrimSpace(sql)), "INSERT") {
		return false
	}
	touches := false
	for _, match := range tableNames.FindAllStringSubmatch(sql, -1) {
		touches = touches || w.owned[match[1]]
	}
	conditions := afterWhere.FindStringSubmatch(sql)
	return touches && (conditions == nil || !strings.Contains(conditions[1], "workspace_id"))
}

// callerInProgram returns the function of the program that ran the statement; it is empty for one of a test.
func callerInProgram() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, "resume-matcher/") && !strings.HasPrefix(frame.Function, "resume-matcher/tests.(*ownerWatch)") {
			if strings.HasPrefix(frame.Function, "resume-matcher/tests") || strings.HasSuffix(frame.File, "_test.go") {
				return ""
			}
			return frame.Function
		}
		if !more {
			return ""
		}
	}
}
