package services

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func TestAReadingEndsWithItsLastCaller(t *testing.T) {
	s, key := newReadings(), fileKey{"workspace", "hash"}
	first, cancel := context.WithCancel(t.Context())
	began := make(chan context.Context, 1)
	wait := func(ctx context.Context, _ *reading) error {
		began <- ctx
		<-ctx.Done()
		return ctx.Err()
	}
	r, leaveFirst := s.join(first, key, wait)
	same, leaveSecond := s.join(t.Context(), key, wait)
	require.Same(t, r, same)
	work := <-began
	cancel()
	require.ErrorIs(t, r.wait(first), context.Canceled, "who is gone waits no more")
	leaveFirst()
	require.NoError(t, work.Err(), "somebody still waits")
	leaveSecond()
	require.ErrorIs(t, r.wait(t.Context()), context.Canceled)
	assert.Empty(t, s.underway)
}

func TestAReadingIsSharedUntilItIsStored(t *testing.T) {
	s, key := newReadings(), fileKey{"workspace", "hash"}
	calls := 0
	count := func(context.Context, *reading) error { calls++; return nil }
	r, leave := s.join(t.Context(), key, count)
	require.NoError(t, r.wait(t.Context()))
	again, leaveAgain := s.join(t.Context(), key, count)
	require.NoError(t, again.wait(t.Context()))
	other, leaveOther := s.join(t.Context(), fileKey{"another", "hash"}, count)
	require.NoError(t, other.wait(t.Context()))
	assert.Equal(t, 2, calls, "no workspace waits for another's")
	leave()
	leaveAgain()
	leaveOther()
	assert.Empty(t, s.underway)
}

func TestAFailedReadingIsTriedAgainByWhoComesLater(t *testing.T) {
	s, key := newReadings(), fileKey{"workspace", "hash"}
	r, leave := s.join(t.Context(), key, func(context.Context, *reading) error { return errors.New("busy") })
	defer leave()
	require.EqualError(t, r.wait(t.Context()), "busy")
	later, leaveLater := s.join(t.Context(), key, func(context.Context, *reading) error { return nil })
	defer leaveLater()
	require.NoError(t, later.wait(t.Context()))
}

func TestAReadersPanicIsAnError(t *testing.T) {
	s := newReadings()
	r, leave := s.join(t.Context(), fileKey{"workspace", "hash"}, func(context.Context, *reading) error { panic("a secret") })
	defer leave()
	err := r.wait(t.Context())
	var known *models.Error
	require.ErrorAs(t, err, &known)
	assert.Equal(t, models.KindInternal, known.Kind)
	assert.NotContains(t, err.Error(), "secret")
}
