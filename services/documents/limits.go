package documents

import (
	"context"
	"time"
)

// What a document may cost. The defaults were measured on résumés and on hostile files: every real one stays
// far below, and a process that meets them all at once still fits into a small machine.
const (
	defaultMaxBytes = 5 << 20
	defaultTimeout  = 15 * time.Second
	defaultWorkers  = 2

	maxPages        = 30
	maxPageChars    = 50_000
	maxPageLinks    = 300
	maxGuestPages   = 2048 // of 64 KiB: 128 MiB for one PDF
	maxArchiveFiles = 2000
	maxPartBytes    = 32 << 20
	maxUnpacked     = 64 << 20
	maxXMLDepth     = 200
	maxOutput       = 2 << 20
	maxRTFGroups    = 500
)

// ticker asks a context now and then whether it has ended: asking at every step would cost more than the step.
type ticker struct {
	ctx   context.Context
	steps int
}

const stepsPerTick = 1024

// tick returns the context's error once it has ended.
func (t *ticker) tick() error {
	if t.steps++; t.steps%stepsPerTick != 0 {
		return nil
	}
	return t.ctx.Err()
}
