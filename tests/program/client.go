package program

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"
)

// maxAnswer bounds what is read of one answer.
const maxAnswer = 16 << 20

// Client sends requests to a server over connections that it keeps.
type Client struct {
	URL string
	// Token, if not empty, says whose requests they are.
	Token string
	HTTP  *http.Client
}

// NewClient returns a client that keeps up to as many connections and gives up on an answer after a timeout.
func NewClient(url string, connections int, timeout time.Duration) *Client {
	transport := &http.Transport{MaxIdleConns: connections, MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}
	return &Client{URL: url, HTTP: &http.Client{Transport: transport, Timeout: timeout}}
}

// Request is what to send; Body and Header may be nil.
type Request struct {
	Method, Path, ContentType string
	Body                      []byte
	Header                    http.Header
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Took   time.Duration
}

// Failure is the public side of an answer that is no success.
type Failure struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// Failure reads the answer as a failure; the code is empty if it has not the format of one.
func (a Answer) Failure() Failure {
	var failure Failure
	_ = json.Unmarshal(a.Body, &failure)
	return failure
}

// Send sends a request and reads the whole answer. An error means that none came.
func (c *Client) Send(ctx context.Context, r Request) (Answer, error) {
	began := time.Now()
	request, err := http.NewRequestWithContext(ctx, r.Method, c.URL+r.Path, bytes.NewReader(r.Body))
	if err != nil {
		return Answer{}, err
	}
	if r.Header != nil {
		request.Header = r.Header.Clone()
	}
	if r.ContentType != "" {
		request.Header.Set("Content-Type", r.ContentType)
	}
	if c.Token != "" {
		request.Header.Set("Authorization", "Bearer "+c.Token)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return Answer{Took: time.Since(began)}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body, Took: time.Since(began)}, err
}

// Upload is the request that uploads a file.
func Upload(name string, data []byte, deferred bool) Request {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	// Writing to memory does not fail.
	if part, err := form.CreateFormFile("file", name); err == nil {
		_, _ = part.Write(data)
	}
	_ = form.Close()
	path := "/api/v1/resumes/upload"
	if deferred {
		path += "?defer=true"
	}
	return Request{Method: http.MethodPost, Path: path, ContentType: form.FormDataContentType(), Body: body.Bytes()}
}

// ResumeID is the id of an upload that the answer acknowledges.
func (a Answer) ResumeID() (string, error) {
	var uploaded struct {
		ResumeID string `json:"resume_id"`
	}
	if err := json.Unmarshal(a.Body, &uploaded); err != nil {
		return "", fmt.Errorf("the answer is no upload's: %w", err)
	}
	return uploaded.ResumeID, nil
}

// Resume is what the server holds of an upload.
type Resume struct {
	Content string `json:"content"`
	Status  string `json:"processing_status"`
}

// Resume reads one; the status tells whether it was there.
func (c *Client) Resume(ctx context.Context, id string) (Resume, int, error) {
	answer, err := c.Send(ctx, Request{Method: http.MethodGet, Path: "/api/v1/resumes?resume_id=" + url.QueryEscape(id)})
	if err != nil || answer.Status != http.StatusOK {
		return Resume{}, answer.Status, err
	}
	var found struct {
		Data struct {
			Raw Resume `json:"raw_resume"`
		} `json:"data"`
	}
	if err := json.Unmarshal(answer.Body, &found); err != nil {
		return Resume{}, answer.Status, fmt.Errorf("the answer is no résumé: %w", err)
	}
	return found.Data.Raw, answer.Status, nil
}
