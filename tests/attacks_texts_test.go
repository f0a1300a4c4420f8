package tests

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// hostileTexts make a parser slow that looks ahead, back, or at each place again. Each is repeated to nearly the limit.
var hostileTexts = map[string]string{
	"letters": "a", "blanks": " ", "tabs": "\t", "blank lines": " \n", "opening brackets": "(", "square brackets": "[", "links that don't end": "[a](",
	"pictures that don't end": "![", "at signs": "@", "almost an address": "a@a.", "dots": ".", "dashes": "-", "dashes and blanks": "- ", "bullets": "• ",
	"bars": "|", "table": "|-", "hashes": "#", "headings": "# a\n", "headings in capitals": "SKILLS\n", "underlines": "_", "stars": "*a*", "backticks": "`",
	"quotes": "> ", "quotes in quotes": ">", "backslashes": `\`, "digits": "1", "dates": "2020-", "almost phones": "+1 (", "almost years": "19", "commas": ",",
	"ands": "and ", "colons": "a:", "slashes": "a/", "addresses": "https://", "markup": "<a ", "closing markup": "</a", "entities": "&amp", "comment": "<!--",
	"marks on letters": "a\u0301", "only marks": "\u0301", "joiners": "\u200d", "right to left": "\u202ea", "hebrew and latin": "אa", "emoji": "👩‍👩‍👧‍👧", "ideographs": "漢",
	"long s": "ſ", "dotted I": "İ", "ligatures": "ﬃ", "widened by case": "ŉ", "private signs": "\ue000", "variation": "a\ufe0f", "line separators": "\u2028",
	"skills": "Go, ", "skills with signs": "C++/C#/", "requirements": "- 5+ years of Go\n", "salary": "$1-", "languages": "English (", "brackets in a list": "- [x",
}

// TestHostileTextsTakeTheirTime uploads each text as a résumé and as a posting, and scores one against the other.
func TestHostileTextsTakeTheirTime(t *testing.T) {
	x := newTarget(t)
	for name, unit := range hostileTexts {
		t.Run(name, func(t *testing.T) {
			text := "Ada Sample\nada@example.com\n\nSkills\n\nGo, SQL\n" + strings.Repeat(unit, hostileSize/len(unit))
			up := x.exchange(t, x.upload("cv.txt", text), false)
			answered(t, up, models.KindResumeValidation)
			posted := x.exchange(t, x.send("POST", jobsPath, "application/json", postingBody(t, text)), false)
			answered(t, posted, models.KindValidation)
			id, job := x.resume, x.job
			if up.Status == http.StatusOK {
				id, _ = up.JSON(t)["resume_id"].(string)
			}
			if posted.Status == http.StatusOK {
				ids, _ := posted.JSON(t)["job_id"].([]any)
				job, _ = ids[0].(string)
			}
			preview := x.exchange(t, x.post("/api/v1/resumes/improve/preview", `{"resume_id":"`+id+`","job_id":"`+job+`"}`), false)
			assert.Equal(t, http.StatusOK, preview.Status, "%.300s", preview.Body)
		})
	}
}

// answered asserts a success, or the refusal of a text that is no résumé or posting.
func answered(t *testing.T, r Response, refusal models.Kind) {
	t.Helper()
	if r.Status == http.StatusOK {
		assert.Equal(t, "application/json; charset=utf-8", r.Header.Get("Content-Type"))
		assert.Equal(t, "nosniff", r.Header.Get("X-Content-Type-Options"))
		return
	}
	assert.Equal(t, http.StatusUnprocessableEntity, r.Status, "%.300s", r.Body)
	checkFailure(t, r, string(refusal))
}

// postingBody is an upload's body without the escapes of markup, which would make it too large.
func postingBody(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(map[string]any{"job_descriptions": []string{text}}))
	return b.String()
}
