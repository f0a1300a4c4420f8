package cmd

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"resume-matcher/services/transfer"
)

// How often progress is shown: a bar that moves, or lines that a log can hold.
const (
	barEvery  = 100 * time.Millisecond
	lineEvery = 5 * time.Second
	barWidth  = 30
)

// copyProgress shows how far a copy is: a bar on a terminal, a line now and then elsewhere.
type copyProgress struct {
	w        io.Writer
	terminal bool
	now      func() time.Time
	phase    transfer.Phase
	// began is when the phase began, with the rows that were done already.
	began     time.Time
	beganDone int64
	shown     time.Time
	barShown  bool
}

func newCopyProgress(w io.Writer) *copyProgress {
	return &copyProgress{w: w, terminal: isTerminal(w), now: time.Now}
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show is told of every batch, and passes on what a reader can follow.
func (p *copyProgress) show(s transfer.Progress) {
	now := p.now()
	if p.phase != s.Phase {
		p.end()
		p.phase, p.began, p.beganDone = s.Phase, now, s.Done
		p.shown = time.Time{}
	}
	interval := lineEvery
	if p.terminal {
		interval = barEvery
	}
	if s.Done < s.Total && now.Sub(p.shown) < interval {
		return
	}
	p.shown = now
	text := progressText(s, float64(s.Done-p.beganDone)/now.Sub(p.began).Seconds())
	if !p.terminal {
		fmt.Fprintln(p.w, text)
		return
	}
	// The line is cleared first, since the new one may be shorter.
	fmt.Fprintf(p.w, "\r\x1b[K%s %s", progressBar(s), text)
	p.barShown = true
}

// progressText leaves the speed out where there is nothing to take it from.
func progressText(s transfer.Progress, rowsPerSecond float64) string {
	text := fmt.Sprintf("%s: %d of %d rows", s.Phase, s.Done, s.Total)
	if rowsPerSecond >= 1 && rowsPerSecond < 1e9 {
		text += fmt.Sprintf(", %.0f rows/s", rowsPerSecond)
	}
	if s.Table != "" {
		text += " (" + s.Table + ")"
	}
	return text
}

func progressBar(s transfer.Progress) string {
	full := barWidth
	if s.Total > 0 {
		full = int(min(s.Done, s.Total) * barWidth / s.Total)
	}
	return "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "]"
}

// note writes a line of its own.
func (p *copyProgress) note(text string) {
	p.end()
	fmt.Fprintln(p.w, text)
}

// end leaves the bar's line.
func (p *copyProgress) end() {
	if p.barShown {
		fmt.Fprintln(p.w)
		p.barShown = false
	}
}
