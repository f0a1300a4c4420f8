package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"resume-matcher/tests/program"
	"resume-matcher/tests/samples"
)

// slowPieces is in how many pieces a slow client sends its request, and slowPause the wait between them.
const (
	slowPieces = 40
	slowPause  = 250 * time.Millisecond
)

func dial(ctx context.Context, url string) (net.Conn, error) {
	var dialer net.Dialer
	return dialer.DialContext(ctx, "tcp", strings.TrimPrefix(url, "http://"))
}

// holdIdle keeps a connection open and says nothing; when the server closes it, it opens another.
func holdIdle(ctx context.Context, url string, figures *figures) {
	for ctx.Err() == nil {
		conn, err := dial(ctx, url)
		if err != nil {
			if ctx.Err() == nil {
				figures.note("idle", program.Answer{}, err)
				time.Sleep(backoff)
			}
			continue
		}
		end := context.AfterFunc(ctx, func() { conn.Close() })
		_, _ = conn.Read(make([]byte, 1)) // until either side closes
		end()
		conn.Close()
	}
}

// sendSlowly sends uploads piece by piece, as a client with a bad line does.
func sendSlowly(ctx context.Context, url string, number int, figures *figures) {
	v := newVisitor(url, number, figures)
	for v.client.Token == "" && ctx.Err() == nil && !v.open(ctx) {
		time.Sleep(backoff)
	}
	v.client.HTTP.CloseIdleConnections()
	doc := samples.Markdown(number)
	upload := program.Upload(doc.Name, doc.Data, false)
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nX-Forwarded-For: %s\r\n"+
		"Content-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n",
		upload.Path, v.client.Token, v.address, upload.ContentType, len(upload.Body))
	for ctx.Err() == nil {
		status, err := trickle(ctx, url, append([]byte(head), upload.Body...))
		switch {
		case ctx.Err() != nil:
		case err != nil:
			figures.count("slow upload", "cut off by the server")
		case !expected(status):
			figures.note("slow upload", program.Answer{Status: status}, nil)
		default:
			figures.count("slow upload", fmt.Sprintf("answered %d", status))
		}
	}
}

// trickle sends a request in pieces and returns the status of its answer.
func trickle(ctx context.Context, url string, request []byte) (status int, err error) {
	conn, err := dial(ctx, url)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	size := len(request)/slowPieces + 1
	for len(request) > 0 {
		n := min(size, len(request))
		if _, err := conn.Write(request[:n]); err != nil {
			break // the answer, if there is one, says why
		}
		request = request[n:]
		time.Sleep(slowPause)
	}
	if err := conn.SetReadDeadline(time.Now().Add(requestTimeout)); err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
