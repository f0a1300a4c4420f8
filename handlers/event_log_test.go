package handlers

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// readAll returns the events after a number, as far as there are any now.
func readAll(l *eventLog, after int) (numbers []int, frames []string) {
	for {
		number, frame, _ := l.next(after)
		if number == 0 {
			return numbers, frames
		}
		numbers, frames, after = append(numbers, number), append(frames, frame), number
	}
}

func TestEventLogNumbersItsEvents(t *testing.T) {
	l := newEventLog("R", defaultRunLimits())
	require.NoError(t, l.add(progress{"one"}))
	require.NoError(t, l.add(progress{"a\nb\r\x00"}))
	numbers, frames := readAll(l, 0)
	assert.Equal(t, []int{1, 2}, numbers)
	assert.Equal(t, []string{
		"id: R-1\ndata: {\"status\":\"one\"}\n\n",
		"id: R-2\ndata: {\"status\":\"a\\nb\\r\\u0000\"}\n\n",
	}, frames, "no event can end its line")
	numbers, _ = readAll(l, 1)
	assert.Equal(t, []int{2}, numbers)
}

func TestEventLogForgetsTheOldest(t *testing.T) {
	frame := len("id: R-1\ndata: {\"status\":\"x\"}\n\n")
	tests := []struct {
		name   string
		limits runLimits
		want   []int
	}{
		{"by number", runLimits{events: 3, bytes: 1 << 20}, []int{7, 8, 9}},
		{"by size", runLimits{events: 99, bytes: 2*frame + 1}, []int{8, 9}},
		{"but never the newest", runLimits{events: 99, bytes: 1}, []int{9}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := newEventLog("R", test.limits)
			for range 9 {
				require.NoError(t, l.add(progress{"x"}))
			}
			numbers, frames := readAll(l, 0)
			assert.Equal(t, test.want, numbers)
			assert.Equal(t, "id: R-9\ndata: {\"status\":\"x\"}\n\n", frames[len(frames)-1])
			numbers, _ = readAll(l, 8)
			assert.Equal(t, []int{9}, numbers)
			last, bytes := l.reached()
			assert.Equal(t, 9, last)
			assert.Equal(t, len(strings.Join(frames, "")), bytes)
		})
	}
}

func TestEventLogWakesItsReaders(t *testing.T) {
	l := newEventLog("R", defaultRunLimits())
	_, _, first := l.next(0)
	require.NoError(t, l.add(progress{"x"}))
	<-first
	_, _, second := l.next(1)
	l.end(nil)
	<-second
	number, _, changed := l.next(1)
	assert.Zero(t, number)
	assert.Nil(t, changed, "nothing follows")
	assert.Error(t, l.add(progress{"late"}))
}

func TestEventLogKeepsWhyThereIsNoEvent(t *testing.T) {
	failure := models.NewError(models.KindStalePreview, "Preview again.")
	l := newEventLog("R", defaultRunLimits())
	l.end(failure)
	assert.Equal(t, failure, l.outcome())

	l = newEventLog("R", defaultRunLimits())
	require.NoError(t, l.add(progress{"x"}))
	l.end(failure)
	assert.Nil(t, l.outcome(), "the failure is an event then")
}

func TestEventLogRefusesWhatIsNoJSON(t *testing.T) {
	l := newEventLog("R", defaultRunLimits())
	require.Error(t, l.add(make(chan int)))
	last, _ := l.reached()
	assert.Zero(t, last)
}
