package access

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"resume-matcher/models"
)

const (
	// keysFresh is how long keys are used without asking for newer ones, keysUsable how long at most, while the provider
	// can't be asked: a key it withdrew is trusted no longer than that.
	keysFresh  = time.Hour
	keysUsable = 24 * time.Hour
	// keysPause is the time between two requests to the provider, however many tokens name keys nobody knows; keysRetry
	// that while there are no keys at all, and so nobody gets in.
	keysPause    = 30 * time.Second
	keysRetry    = 5 * time.Second
	keysTimeout  = 5 * time.Second
	maxKeysBytes = 256 << 10
)

// keySet holds the published keys of a provider, and asks for them when they are needed: one request at a time, shared by
// all who wait for it.
type keySet struct {
	url    string
	client *http.Client
	log    *slog.Logger
	now    func() time.Time

	mu      sync.Mutex
	keys    map[keyID]crypto.PublicKey
	fetched time.Time     // when keys were read
	asked   time.Time     // when the last request began
	loading chan struct{} // closed when the request in flight is over; nil without one
}

func newKeySet(address string, log *slog.Logger, now func() time.Time) *keySet {
	return &keySet{
		url: address, log: log, now: now,
		client: &http.Client{
			Timeout: keysTimeout,
			// A connection is of no use for an hour after its one answer.
			Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true, ForceAttemptHTTP2: true},
			// The keys are trusted because of their address: no other one may answer for it.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// find returns a key, after asking the provider if it is not known. It fails with KindUnauthorized for a key the provider
// does not have, with KindUnavailable if it can't be asked.
func (s *keySet) find(ctx context.Context, id keyID) (crypto.PublicKey, error) {
	key, _, loading := s.look(ctx, id, true)
	if key == nil && loading != nil {
		select {
		case <-loading:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if key != nil {
		return key, nil
	}
	key, known, _ := s.look(ctx, id, false)
	switch {
	case key != nil:
		return key, nil
	case known:
		return nil, errInvalid()
	}
	return nil, models.NewError(models.KindUnavailable, "The identity provider can't be reached to check this token. Try again in a moment.")
}

// look returns a known key, whether any keys are, and the request in flight, which it begins if one is due and allowed.
func (s *keySet) look(ctx context.Context, id keyID, load bool) (key crypto.PublicKey, known bool, loading <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	age := now.Sub(s.fetched)
	if known = s.keys != nil && age < keysUsable; known {
		key = s.keys[id]
	}
	due := key == nil || age >= keysFresh
	pause := keysPause
	if !known {
		pause = keysRetry
	}
	if load && due && s.loading == nil && now.Sub(s.asked) >= pause {
		s.asked = now
		s.loading = make(chan struct{})
		// It belongs to no single request: one that is canceled must not fail the others. It ends by its own deadline.
		go s.load(context.WithoutCancel(ctx))
	}
	return key, known, s.loading
}

func (s *keySet) load(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, keysTimeout)
	defer cancel()
	keys, err := s.fetch(ctx)
	if err != nil {
		s.log.WarnContext(ctx, "could not read the identity provider's keys; check AUTH_JWKS_URL", "error", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.keys, s.fetched = keys, s.now()
	}
	close(s.loading)
	s.loading = nil
}

func (s *keySet) fetch(ctx context.Context) (map[keyID]crypto.PublicKey, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return nil, errors.New("the address is wrong")
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	response, err := s.client.Do(request)
	if err != nil {
		// The outer error repeats the address, whose query may hold a key.
		if outer, ok := errors.AsType[*url.Error](err); ok {
			err = outer.Err
		}
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("answered with status %d", response.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxKeysBytes+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxKeysBytes {
		return nil, fmt.Errorf("answered with more than %d bytes", maxKeysBytes)
	}
	return parseKeySet(body)
}
