package handlers

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// uploader asks for a slot and remembers what became of it.
type uploader struct {
	release func()
	err     error
	done    bool
	leave   context.CancelFunc
}

func (s *uploadSlots) begin(t *testing.T, owners ...string) *uploader {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	u := &uploader{leave: leave}
	go func() {
		u.release, u.err = s.acquire(ctx, owners...)
		u.done = true
	}()
	synctest.Wait()
	return u
}

func (u *uploader) working() bool { return u.done && u.err == nil }

func (s *uploadSlots) requireEmpty(t *testing.T) {
	t.Helper()
	assert.Zero(t, s.inUse)
	assert.Zero(t, s.waiting.Len())
	assert.Empty(t, s.held)
	assert.Empty(t, s.queued)
}

func readGauge(t *testing.T, c prometheus.Collector) float64 {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	require.NoError(t, registry.Register(c))
	families, err := registry.Gather()
	require.NoError(t, err)
	return families[0].GetMetric()[0].GetGauge().GetValue()
}

func requireBusy(t *testing.T, u *uploader) {
	t.Helper()
	var known *models.Error
	require.ErrorAs(t, u.err, &known)
	assert.Equal(t, models.KindUnavailable, known.Kind)
}

func TestUploadsWaitInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newUploadSlots(1, 2)
		first, second, third := s.begin(t), s.begin(t), s.begin(t)
		assert.Equal(t, []bool{true, false, false}, []bool{first.working(), second.working(), third.working()})
		requireBusy(t, s.begin(t))
		for i, figure := range s.collectors() {
			assert.Equal(t, float64(i+1), readGauge(t, figure))
		}
		first.release()
		synctest.Wait()
		assert.True(t, second.working())
		assert.False(t, third.done)
		second.release()
		synctest.Wait()
		assert.True(t, third.working())
		third.release()
		s.requireEmpty(t)
	})
}

func TestUploadsGiveUpWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newUploadSlots(1, 2)
		first, leaver, patient := s.begin(t, "a"), s.begin(t, "b"), s.begin(t, "c")
		leaver.leave()
		synctest.Wait()
		require.ErrorIs(t, leaver.err, context.Canceled)
		time.Sleep(slotWait)
		synctest.Wait()
		requireBusy(t, patient)
		first.release()
		s.requireEmpty(t)
	})
}

func TestUploadSlotsAreShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newUploadSlots(4, 4)
		a1, a2, a3 := s.begin(t, "a", "x"), s.begin(t, "a", "x"), s.begin(t, "a", "x")
		assert.True(t, a2.working())
		assert.False(t, a3.done, "half of the slots are for others")
		other := s.begin(t, "b", "x")
		assert.False(t, other.done, "another workspace of the same address counts too")
		requireBusy(t, s.begin(t, "c", "x"))
		b1 := s.begin(t, "b", "y")
		assert.True(t, b1.working(), "who waits for its share keeps nobody else waiting")
		a1.release()
		synctest.Wait()
		assert.True(t, a3.working())
		assert.False(t, other.done)
		for _, u := range []*uploader{a2, a3, b1} {
			u.release()
		}
		synctest.Wait()
		assert.True(t, other.working())
		other.release()
		s.requireEmpty(t)
	})
}

func TestUploadsWithoutOwnersHaveAllSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newUploadSlots(3, 0)
		for range 3 {
			assert.True(t, s.begin(t).working())
		}
		requireBusy(t, s.begin(t))
	})
}

func TestSlotOfOneWhoLeftJustThenIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newUploadSlots(1, 1)
		first, second := s.begin(t), s.begin(t)
		second.leave()
		first.release() // both happened before the second looks
		synctest.Wait()
		if second.working() {
			second.release()
		}
		s.requireEmpty(t)
	})
}

func TestNoBoundOnUploads(t *testing.T) {
	s := newUploadSlots(0, 0)
	for range 10 {
		_, err := s.acquire(t.Context(), "a")
		require.NoError(t, err)
	}
}
