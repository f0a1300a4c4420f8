package documents

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
)

// archive reads the parts of a zip-based document within limits.
type archive struct {
	files    map[string]*zip.File
	unpacked int64
}

func openArchive(data []byte) (*archive, error) {
	reader, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("opening the archive: %w", err)
	}
	if len(reader.File) > maxArchiveFiles {
		return nil, errUnpacksTooLarge()
	}
	files := make(map[string]*zip.File, len(reader.File))
	for _, file := range reader.File {
		name := entryName(file.Name)
		if _, exists := files[name]; !exists {
			files[name] = file
		}
	}
	return &archive{files: files}, nil
}

// entryName writes an entry's name the way the standards do; some writers use backslashes or a leading slash.
func entryName(name string) string {
	return strings.TrimPrefix(strings.ReplaceAll(name, "\\", "/"), "/")
}

// part unpacks one part, nil when there is none of that name. The size an entry claims is not trusted.
func (a *archive) part(name string) ([]byte, error) {
	file := a.files[name]
	if file == nil {
		return nil, nil
	}
	if file.UncompressedSize64 > maxPartBytes {
		return nil, errUnpacksTooLarge()
	}
	content, err := file.Open()
	if err != nil {
		return nil, fmt.Errorf("opening a part: %w", err)
	}
	defer content.Close()
	unpacked, err := io.ReadAll(io.LimitReader(content, maxPartBytes+1))
	if err != nil {
		return nil, fmt.Errorf("unpacking a part: %w", err)
	}
	a.unpacked += int64(len(unpacked))
	if len(unpacked) > maxPartBytes || a.unpacked > maxUnpacked {
		return nil, errUnpacksTooLarge()
	}
	return unpacked, nil
}
