package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
	"resume-matcher/services/telemetry"
)

const (
	internalMessage = "Something went wrong on the server. Try again, and quote the request id if it happens again."
	timeoutMessage  = "The request took too long. Try again in a moment."

	// statusClientGone is what nginx logs for a client that hung up; nobody reads the answer, but logs and metrics do.
	statusClientGone = 499
)

// ErrorBody is what a client sees of any failure.
type ErrorBody struct {
	RequestID string `json:"request_id"`
	// Status is "unavailable" on 503, so that a health probe finds it where success has "ok".
	Status string      `json:"status,omitempty"`
	Error  ErrorDetail `json:"error"`
	Detail string      `json:"detail" doc:"The message again, for clients that look for it here."`
}

// ErrorDetail tells a program what failed by its code and a person by its message.
type ErrorDetail struct {
	Code    models.Kind `json:"code"`
	Message string      `json:"message"`
	Detail  string      `json:"detail,omitempty" doc:"Which fields broke which rules, or what else helps a developer."`
}

// statusOf maps a kind of failure to its HTTP status.
func statusOf(kind models.Kind) int {
	switch kind {
	case models.KindMissingResumeID, models.KindMissingJobID, models.KindUnsupportedFileType, models.KindEmptyFile,
		models.KindMissingContentType, models.KindUnsupportedContentType, models.KindPreviewRequired:
		return http.StatusBadRequest
	case models.KindUnauthorized:
		return http.StatusUnauthorized
	case models.KindForbidden:
		return http.StatusForbidden
	case models.KindNotFound, models.KindResumeNotFound, models.KindJobNotFound:
		return http.StatusNotFound
	case models.KindMethodNotAllowed:
		return http.StatusMethodNotAllowed
	case models.KindStalePreview, models.KindConflict:
		return http.StatusConflict
	case models.KindFileTooLarge, models.KindJSONTooLarge:
		return http.StatusRequestEntityTooLarge
	case models.KindValidation, models.KindResumeValidation, models.KindNoTextLayer, models.KindEncryptedDocument,
		models.KindDocumentUnreadable, models.KindDocumentTooSlow:
		return http.StatusUnprocessableEntity
	case models.KindRateLimited, models.KindAIBudget:
		return http.StatusTooManyRequests
	case models.KindAIUnavailable, models.KindSchemaNotReady, models.KindUnavailable:
		return http.StatusServiceUnavailable
	case models.KindAITimeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusInternalServerError
}

// failures is the one place where an error becomes an answer and a line in the log.
type failures struct {
	log      *slog.Logger
	reporter *telemetry.Reporter
}

// write answers with err's public side and logs the rest.
func (f failures) write(c *gin.Context, err error) {
	c.Abort()
	if clientGone(c, err) {
		c.Status(statusClientGone)
		c.Writer.WriteHeaderNow()
		return
	}
	f.answer(c, f.public(c, err))
}

// answer writes a failure that is logged already.
func (f failures) answer(c *gin.Context, public *models.Error) {
	c.Abort()
	c.Set(failureCodeKey, public.Kind)
	status := statusOf(public.Kind)
	content := ErrorBody{
		RequestID: RequestID(c),
		Error:     ErrorDetail{Code: public.Kind, Message: public.Message, Detail: strings.Join(public.Fields, "; ")},
		Detail:    public.Message,
	}
	if status == http.StatusServiceUnavailable {
		content.Status = "unavailable"
	}
	body, err := json.Marshal(content)
	if err != nil {
		panic(err) // four strings always encode
	}
	// Whoever reads the answer before what is left of the request's body is read must know where it ends.
	c.Header("Content-Length", strconv.Itoa(len(body)))
	c.Data(status, mimeJSON+"; charset=utf-8", body)
}

// public returns what a client may know of err, after logging it once: our failures with their cause, the client's quietly.
// A failure that nobody foresaw is reported too.
func (f failures) public(c *gin.Context, err error) *models.Error {
	public := classify(err)
	level := slog.LevelDebug
	attrs := []slog.Attr{slog.String("request_id", RequestID(c)), slog.String("code", string(public.Kind))}
	switch {
	case errors.Is(err, errStopping):
		level = slog.LevelInfo // the operator asked for it
	case statusOf(public.Kind) >= http.StatusInternalServerError:
		level = slog.LevelError
		attrs = append(attrs, slog.Any("error", err))
	case len(public.Fields) > 0:
		attrs = append(attrs, slog.Any("fields", public.Fields))
	}
	f.log.LogAttrs(c.Request.Context(), level, "request failed", attrs...)
	if public.Kind == models.KindInternal {
		f.reporter.Report(telemetry.Incident{
			Kind: public.Kind, Method: knownMethod(c.Request.Method), Route: routeOf(c), RequestID: RequestID(c), Err: err,
		})
	}
	return public
}

func classify(err error) *models.Error {
	if known, ok := errors.AsType[*models.Error](err); ok {
		return known
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return models.WrapError(models.KindUnavailable, timeoutMessage, err)
	}
	return models.WrapError(models.KindInternal, internalMessage, err)
}

func clientGone(c *gin.Context, err error) bool {
	return errors.Is(err, context.Canceled) && errors.Is(c.Request.Context().Err(), context.Canceled)
}
