package handlers

import (
	"errors"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/go-playground/validator/v10"

	"resume-matcher/models"
)

const (
	mimeJSON      = "application/json"
	mimeMultipart = "multipart/form-data"
	mimeEvents    = "text/event-stream"

	// multipartOverhead is what boundaries, part headers and the small fields of a form may add to the file.
	multipartOverhead = 64 << 10
)

// binder fills an endpoint's input from the request and checks it against its `binding` tags.
type binder struct {
	validate       *validator.Validate
	maxJSONBytes   int64
	maxUploadBytes int64
	shapes         map[reflect.Type]shape
}

// shape is what an input type takes from where.
type shape struct {
	params []reflect.StructField
	// body is nil when the endpoint reads none; its media type tells how it is read.
	body      *reflect.StructField
	mediaType string
}

// optionalBody tells whether a request may come without a body: it is a pointer, nil then.
func (s shape) optionalBody() bool { return s.body != nil && s.body.Type.Kind() == reflect.Pointer }

func newBinder(maxJSONBytes, maxUploadBytes int64) binder {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.SetTagName("binding")
	v.RegisterTagNameFunc(wireName)
	return binder{validate: v, maxJSONBytes: maxJSONBytes, maxUploadBytes: maxUploadBytes, shapes: map[reflect.Type]shape{}}
}

// learn reads an input type's tags once, at registration.
func (b binder) learn(t reflect.Type) shape {
	var s shape
	for _, f := range reflect.VisibleFields(t) {
		switch {
		case f.Name == "Body" && len(f.Index) == 1:
			s.body, s.mediaType = &f, mimeJSON
			if holdsFile(f.Type) {
				s.mediaType = mimeMultipart
			}
		case f.Tag.Get("uri") != "" || f.Tag.Get("form") != "":
			s.params = append(s.params, f)
		}
	}
	b.shapes[t] = s
	return s
}

func holdsFile(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for _, f := range reflect.VisibleFields(t) {
		if f.Type == reflect.TypeFor[*multipart.FileHeader]() {
			return true
		}
	}
	return false
}

// bind fills in, a pointer to a type that learn has seen.
func (b binder) bind(c *gin.Context, in any) error {
	v := reflect.ValueOf(in).Elem()
	s := b.shapes[v.Type()]
	if err := bindParams(c, v, s.params); err != nil {
		return err
	}
	var err error
	switch s.mediaType {
	case mimeJSON:
		if s.optionalBody() && c.Request.ContentLength == 0 {
			break
		}
		err = b.bindJSON(c, v.FieldByIndex(s.body.Index))
	case mimeMultipart:
		err = b.bindMultipart(c, v.FieldByIndex(s.body.Index))
	}
	if err != nil {
		return err
	}
	return b.check(in)
}

func bindParams(c *gin.Context, v reflect.Value, params []reflect.StructField) error {
	query, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return models.WrapError(models.KindValidation, "The query string is malformed.", err)
	}
	for _, f := range params {
		name, texts := f.Tag.Get("uri"), []string(nil)
		if name != "" {
			texts = []string{c.Param(name)}
		} else {
			name = f.Tag.Get("form")
			texts = query[name]
		}
		if len(texts) == 0 {
			continue
		}
		if err := set(v.FieldByIndex(f.Index), texts); err != nil {
			return invalid("A parameter is not valid.", name+": "+err.Error())
		}
	}
	return nil
}

// bindMultipart keeps the whole form in memory: the reader's limit is below the form's, so no part reaches a temporary file.
func (b binder) bindMultipart(c *gin.Context, body reflect.Value) error {
	if err := requireMediaType(c, mimeMultipart); err != nil {
		return err
	}
	limit := b.maxUploadBytes + multipartOverhead
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
	if err := c.Request.ParseMultipartForm(limit); err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return b.fileTooLarge()
		}
		return models.WrapError(models.KindValidation, "The form is malformed or incomplete. Send multipart/form-data.", err)
	}
	form := c.Request.MultipartForm
	for _, f := range reflect.VisibleFields(body.Type()) {
		name := f.Tag.Get("form")
		if name == "" {
			continue
		}
		field := body.FieldByIndex(f.Index)
		if file, ok := reflect.TypeAssert[*multipart.FileHeader](field); ok {
			files := form.File[name]
			if len(files) > 1 {
				return invalid("The form is not valid.", name+": "+errRepeated.Error())
			}
			if len(files) == 1 {
				file = files[0]
				field.Set(reflect.ValueOf(file))
			}
			if file != nil && file.Size > b.maxUploadBytes {
				return b.fileTooLarge()
			}
		} else if texts := form.Value[name]; len(texts) > 0 {
			if err := set(field, texts); err != nil {
				return invalid("The form is not valid.", name+": "+err.Error())
			}
		}
	}
	return nil
}

func (b binder) fileTooLarge() error {
	return models.NewError(models.KindFileTooLarge, fmt.Sprintf("The file is larger than %s. Send a smaller one.", size(b.maxUploadBytes)))
}

// removeForm deletes what a form may have left in the temporary folder.
func removeForm(c *gin.Context) {
	if c.Request.MultipartForm != nil {
		_ = c.Request.MultipartForm.RemoveAll() // the form is in memory; were it not, the system clears its temporary folder
	}
}

// requireMediaType looks at the type alone: parameters such as charset are allowed.
func requireMediaType(c *gin.Context, want string) error {
	header := c.GetHeader("Content-Type")
	if header == "" {
		return models.NewError(models.KindMissingContentType, "The Content-Type header is missing. Send "+want+".")
	}
	if got, _, err := mime.ParseMediaType(header); got != want || (err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter)) {
		return models.NewError(models.KindUnsupportedContentType, "This content type is not supported here. Send "+want+".")
	}
	return nil
}

var errRepeated = errors.New("must be given once")

// set writes the texts of one parameter into a scalar, a pointer to one, or a slice of strings.
// Its errors name a rule and never the text. Of a scalar given twice a proxy may have looked at the other one.
func set(v reflect.Value, texts []string) error {
	if len(texts) > 1 && v.Kind() != reflect.Slice {
		return errRepeated
	}
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			return errors.New("must be valid text")
		}
	}
	text := texts[0]
	switch v.Kind() {
	case reflect.Slice:
		v.Set(reflect.ValueOf(texts).Convert(v.Type()))
	case reflect.String:
		v.SetString(text)
	case reflect.Pointer:
		if text == "" {
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		return set(v.Elem(), texts)
	default:
		if text == "" {
			return nil
		}
		return setScalar(v, text)
	}
	return nil
}

func setScalar(v reflect.Value, text string) error {
	switch v.Kind() {
	case reflect.Bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("must be true or false")
		}
		v.SetBool(b)
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || v.OverflowInt(n) {
			return errors.New("must be a whole number")
		}
		v.SetInt(n)
	case reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return errors.New("must be a number")
		}
		v.SetFloat(n)
	default:
		return errors.New("can't be read")
	}
	return nil
}
