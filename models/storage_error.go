package models

import (
	"context"
	"errors"

	"gorm.io/gorm"
)

// StorageError gives a failure of the database a public message: KindConflict where a row it refers to was deleted
// meanwhile, else KindInternal. Contexts that ended, and errors that have a message, pass through.
func StorageError(err error) error {
	var known *Error
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		return WrapError(KindConflict, "Something this request refers to was deleted meanwhile. Try again.", err)
	}
	return WrapError(KindInternal, "The database could not complete the request. Try again.", err)
}
