package handlers

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMonitorsAskWithHEAD(t *testing.T) {
	d := newDoor(t, nil)
	_, cookie, _ := d.session(t)
	tests := map[string]struct {
		path    string
		headers []string
		status  int
	}{
		"the start page":       {"/", nil, http.StatusFound},
		"the docs":             {"/docs", nil, http.StatusOK},
		"a part of them":       {"/docs/init.js", nil, http.StatusOK},
		"what is public":       {"/public", nil, http.StatusOK},
		"without a credential": {"/thing", nil, http.StatusUnauthorized},
		"with one":             {"/thing", []string{cookie}, http.StatusOK},
		"too weak":             {"/admin", []string{cookie}, http.StatusForbidden},
		"unknown":              {"/nowhere", nil, http.StatusNotFound},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			get := d.ask(t, http.MethodGet, test.path, test.headers...)
			head := d.ask(t, http.MethodHead, test.path, test.headers...)
			assert.Equal(t, test.status, head.Code)
			assert.Equal(t, get.Header().Get("Content-Type"), head.Header().Get("Content-Type"))
		})
	}
}
