package models

// Kind classifies a failure; its text is the code a client sees.
type Kind string

// The kinds of failure; handlers maps each to an HTTP status, cmd to an exit code.
const (
	KindValidation             Kind = "VALIDATION_ERROR"
	KindNotFound               Kind = "NOT_FOUND"
	KindMethodNotAllowed       Kind = "METHOD_NOT_ALLOWED"
	KindResumeNotFound         Kind = "RESUME_NOT_FOUND"
	KindJobNotFound            Kind = "JOB_NOT_FOUND"
	KindMissingResumeID        Kind = "MISSING_RESUME_ID"
	KindMissingJobID           Kind = "MISSING_JOB_ID"
	KindUnsupportedFileType    Kind = "UNSUPPORTED_FILE_TYPE"
	KindEmptyFile              Kind = "EMPTY_FILE"
	KindMissingContentType     Kind = "MISSING_CONTENT_TYPE"
	KindUnsupportedContentType Kind = "UNSUPPORTED_CONTENT_TYPE"
	KindFileTooLarge           Kind = "FILE_TOO_LARGE"
	KindJSONTooLarge           Kind = "JSON_TOO_LARGE"
	KindNoTextLayer            Kind = "NO_TEXT_LAYER"
	KindEncryptedDocument      Kind = "ENCRYPTED_DOCUMENT"
	KindDocumentUnreadable     Kind = "DOCUMENT_UNREADABLE"
	KindDocumentTooSlow        Kind = "DOCUMENT_TOO_SLOW"
	KindResumeValidation       Kind = "RESUME_VALIDATION_FAILED"
	KindPreviewRequired        Kind = "PREVIEW_REQUIRED"
	KindStalePreview           Kind = "STALE_PREVIEW"
	KindConflict               Kind = "CONFLICT"
	KindUnauthorized           Kind = "UNAUTHORIZED"
	KindForbidden              Kind = "FORBIDDEN"
	KindRateLimited            Kind = "RATE_LIMITED"
	KindAIUnavailable          Kind = "AI_PROVIDER_UNAVAILABLE"
	KindAITimeout              Kind = "AI_TIMEOUT"
	KindAIBudget               Kind = "AI_BUDGET_EXCEEDED"
	KindSchemaNotReady         Kind = "SCHEMA_NOT_READY"
	KindUnavailable            Kind = "SERVICE_UNAVAILABLE"
	KindInternal               Kind = "INTERNAL_ERROR"
)

// Error is a failure whose Message is safe to show to anyone; its cause is for the log only.
type Error struct {
	Kind    Kind
	Message string
	// Fields names the inputs that broke a rule, as "field: rule", never with their values.
	Fields []string
	cause  error
}

// NewError returns a failure without a private cause.
func NewError(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

// WrapError returns a failure that keeps cause for the log.
func WrapError(kind Kind, message string, cause error) *Error {
	return &Error{Kind: kind, Message: message, cause: cause}
}

// Error returns the public message and, for the log, the private cause.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Message
	}
	return e.Message + ": " + e.cause.Error()
}

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.cause }
