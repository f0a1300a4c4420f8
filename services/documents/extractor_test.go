package documents

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

var testdataDir = filepath.Join("..", "..", "tests", "testdata", "documents")

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testdataDir, name))
	require.NoError(t, err)
	return data
}

func TestExtractRefusesWhatItCanNotRead(t *testing.T) {
	extractor := testExtractor(t)
	tests := []struct {
		file, message string
		kind          models.Kind
	}{
		{"encrypted.pdf", "password", models.KindEncryptedDocument},
		{"encrypted.docx", "password", models.KindEncryptedDocument},
		{"scan.pdf", "OCR", models.KindNoTextLayer},
		{"truncated.pdf", "damaged", models.KindDocumentUnreadable},
		{"loop.pdf", "damaged", models.KindDocumentUnreadable},
		{"pages.pdf", "30 pages", models.KindFileTooLarge},
		{"truncated.docx", "damaged", models.KindDocumentUnreadable},
		{"bomb.docx", "unpacked", models.KindFileTooLarge},
		{"depth.docx", "damaged", models.KindDocumentUnreadable},
		{"groups.rtf", "damaged", models.KindDocumentUnreadable},
		{"empty.docx", "no text", models.KindEmptyFile},
		{"blank.txt", "empty", models.KindEmptyFile},
		{"old.doc", "save it as DOCX", models.KindUnsupportedFileType},
		{"archive.zip", "archive", models.KindUnsupportedFileType},
		{"picture.png", "picture", models.KindUnsupportedFileType},
		{"program.bin", "can't be read", models.KindUnsupportedFileType},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			document, err := extractor.Extract(t.Context(), readTestdata(t, filepath.Join("hostile", test.file)), test.file)
			var failure *models.Error
			require.ErrorAs(t, err, &failure)
			assert.Equal(t, test.kind, failure.Kind)
			assert.Contains(t, failure.Message, test.message)
			assert.Empty(t, document)
		})
	}
}

func TestExtractOpensWhatOnlyTheOwnerMayChange(t *testing.T) {
	document, err := testExtractor(t).Extract(t.Context(), readTestdata(t, "hostile/owner_only.pdf"), "")
	require.NoError(t, err)
	assert.Contains(t, document.Markdown, "# Nora Vance")
	assert.Equal(t, 1, document.Pages)
}

func TestExtractLimitsSize(t *testing.T) {
	extractor := New(Options{MaxBytes: 10})
	_, err := extractor.Extract(t.Context(), []byte("12345678901"), "a.txt")
	assertKind(t, models.KindFileTooLarge, err)
	_, err = extractor.Extract(t.Context(), []byte("1234567890"), "a.txt")
	assert.NoError(t, err)
	_, err = extractor.Extract(t.Context(), nil, "a.txt")
	assertKind(t, models.KindEmptyFile, err)
}

func TestExtractBoundsMemoryOfABomb(t *testing.T) {
	data := readTestdata(t, "hostile/bomb.docx")
	extractor := New(Options{})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := extractor.Extract(t.Context(), data, "")
	runtime.ReadMemStats(&after)
	assertKind(t, models.KindFileTooLarge, err)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(16<<20))
}

func TestExtractStopsAtTheDeadline(t *testing.T) {
	extractor := New(Options{CacheDir: t.TempDir(), Timeout: time.Nanosecond})
	_, err := extractor.Extract(t.Context(), readTestdata(t, "column_en.pdf"), "")
	var failure *models.Error
	require.ErrorAs(t, err, &failure)
	assert.Contains(t, []models.Kind{models.KindDocumentTooSlow, models.KindUnavailable}, failure.Kind)
}

func TestExtractWaitsForAWorker(t *testing.T) {
	extractor := New(Options{Workers: 1})
	extractor.slots <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := extractor.Extract(ctx, []byte("text"), "")
	assertKind(t, models.KindUnavailable, err)
	assert.ErrorIs(t, err, context.Canceled)
	<-extractor.slots
	_, err = extractor.Extract(t.Context(), []byte("text"), "")
	assert.NoError(t, err)
}

func TestSandboxStopsARunningGuest(t *testing.T) {
	extractor := testExtractor(t)
	require.NoError(t, extractor.Warm(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	entered, release, err := extractor.pdf.enter(ctx)
	require.NoError(t, err)
	defer release()
	guest, err := extractor.pdf.newGuest(entered)
	require.NoError(t, err)
	defer guest.close()
	cancel()
	_, err = readPages(guest, readTestdata(t, "column_en.pdf"))
	assertKind(t, models.KindDocumentTooSlow, err)
}

func TestExtractTogetherGivesWhatItGivesAlone(t *testing.T) {
	extractor := testExtractor(t)
	data := readTestdata(t, "column_es.pdf")
	alone, err := extractor.Extract(t.Context(), data, "")
	require.NoError(t, err)
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			document, err := extractor.Extract(t.Context(), data, "")
			assert.NoError(t, err)
			assert.Equal(t, alone, document)
		})
	}
	group.Wait()
}

func TestCloseRefusesLaterDocuments(t *testing.T) {
	extractor := New(Options{CacheDir: t.TempDir()})
	require.NoError(t, extractor.Close())
	_, err := extractor.Extract(t.Context(), readTestdata(t, "column_en.pdf"), "")
	assertKind(t, models.KindInternal, err)
}

func TestCloseWaitsForDocumentsBeingRead(t *testing.T) {
	extractor := New(Options{CacheDir: testCacheDir(), Timeout: compileTimeout})
	require.NoError(t, extractor.Warm(t.Context()))
	data := readTestdata(t, "column_en.pdf")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			document, err := extractor.Extract(t.Context(), data, "")
			if err == nil {
				assert.Contains(t, document.Markdown, "Nora Vance")
				return
			}
			var failure *models.Error
			assert.ErrorAs(t, err, &failure)
		})
	}
	assert.NoError(t, extractor.Close())
	group.Wait()
}

func TestSandboxSurvivesADamagedCache(t *testing.T) {
	require.NoError(t, testExtractor(t).Warm(t.Context()))
	dir := t.TempDir()
	files, err := filepath.Glob(filepath.Join(testCacheDir(), "*", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		damaged := filepath.Join(dir, filepath.Base(filepath.Dir(file)), filepath.Base(file))
		require.NoError(t, os.MkdirAll(filepath.Dir(damaged), 0o700))
		require.NoError(t, os.WriteFile(damaged, []byte("damaged"), 0o600))
	}
	extractor := New(Options{CacheDir: dir, Timeout: compileTimeout})
	defer extractor.Close()
	_, err = extractor.Extract(t.Context(), readTestdata(t, "ligatures_en.pdf"), "")
	assert.NoError(t, err)
}

func TestCacheOnlyWhereNobodyElseWrites(t *testing.T) {
	own, shared := filepath.Join(t.TempDir(), "own"), t.TempDir()
	require.NoError(t, os.Chmod(shared, 0o777)) //nolint:gosec // the point
	assert.NoError(t, New(Options{CacheDir: own}).CheckCache(t.Context()))
	err := New(Options{CacheDir: shared}).CheckCache(t.Context())
	if runtime.GOOS != "windows" {
		assert.ErrorContains(t, err, "CACHE_DIR")
	}
}

func TestDOCXLeavesOutWhatAReaderDoesNotSee(t *testing.T) {
	document, err := New(Options{}).Extract(t.Context(), readTestdata(t, "header_en.docx"), "")
	require.NoError(t, err)
	assert.NotContains(t, document.Markdown, "REMOVED")
	assert.NotContains(t, document.Markdown, "HIDDEN")
	assert.Contains(t, document.Markdown, "[portfolio](https://nora.example.org/work)")

	document, err = New(Options{}).Extract(t.Context(), readTestdata(t, "textbox_de.docx"), "")
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(document.Markdown, "jonas.brueckner@example.org"))
}

func TestPDFKeepsLinkTargets(t *testing.T) {
	document, err := testExtractor(t).Extract(t.Context(), readTestdata(t, "column_en.pdf"), "")
	require.NoError(t, err)
	assert.Contains(t, document.Markdown, "[nora.vance@example.com](mailto:nora.vance@example.com)")
	assert.Contains(t, document.Markdown, "[portfolio](https://nora.example.org/work)")
	assert.Contains(t, document.Markdown, "\n### Senior Software Engineer\n")
}

func zipOf(t *testing.T, entries ...string) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	for _, entry := range entries {
		name, content, _ := strings.Cut(entry, "=")
		part, err := writer.Create(name)
		require.NoError(t, err)
		_, err = part.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, writer.Close())
	return packed.Bytes()
}

func TestDetect(t *testing.T) {
	tests := []struct {
		name, file string
		data       []byte
		format     Format
		kind       models.Kind
	}{
		{"pdf after junk", "a.txt", []byte("\r\n%PDF-1.7\n"), PDF, ""},
		{"docx", "a.pdf", zipOf(t, "word/document.xml="), DOCX, ""},
		{"odt", "", zipOf(t, "mimetype=application/vnd.oasis.opendocument.text"), ODT, ""},
		{"ods", "", zipOf(t, "mimetype=application/vnd.oasis.opendocument.spreadsheet"), "", models.KindUnsupportedFileType},
		{"xlsx", "a.docx", zipOf(t, "xl/workbook.xml="), "", models.KindUnsupportedFileType},
		{"rtf", "a.doc", []byte(`{\rtf1 x}`), RTF, ""},
		{"html", "a.txt", []byte("<!-- x --><!DOCTYPE html><p>x"), HTML, ""},
		{"html by its name", "a.htm", []byte("<p>x</p>"), HTML, ""},
		{"markdown by its name", "a.MD", []byte("x"), Markdown, ""},
		{"markdown by its marks", "", []byte("# A\n\n## B\n"), Markdown, ""},
		{"text", "", []byte("Nora Vance\n"), Text, ""},
		{"text that begins as a picture", "", []byte("BMW mechanic\n"), Text, ""},
		{"text in UTF-16", "", []byte("\xFF\xFEN\x00o\x00"), Text, ""},
		{"svg", "a.txt", []byte("<svg xmlns='x'></svg>"), "", models.KindUnsupportedFileType},
		{"jpeg", "a.pdf", []byte("\xFF\xD8\xFF\xE0abc"), "", models.KindUnsupportedFileType},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			format, contentType, err := Detect(test.data, test.file)
			assert.Equal(t, test.format, format)
			if test.kind != "" {
				assertKind(t, test.kind, err)
				return
			}
			require.NoError(t, err)
			assert.NotEmpty(t, contentType)
		})
	}
}

func TestTextIsDecodedAndCleaned(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"Windows-1252", "R\xE9sum\xE9 \x96 5 \x80", "Résumé – 5 €\n"},
		{"UTF-8 with a mark", "\xEF\xBB\xBFNora", "Nora\n"},
		{"UTF-16", "\xFE\xFF\x00N\x00o", "No\n"},
		{"decomposed letters", "Bru\u0308ckner", "Brückner\n"},
		{"line ends and blank lines", "a\r\n\r\n\r\n\rb \r", "a\n\nb\n"},
		{"zero bytes and invisible marks", "co\u00ADop\u200B " + strings.Repeat("text ", 30) + "\x00", "coop " + strings.TrimSpace(strings.Repeat("text ", 30)) + "\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			document, err := New(Options{}).Extract(t.Context(), []byte(test.data), "a.txt")
			require.NoError(t, err)
			assert.Equal(t, test.want, document.Markdown)
		})
	}
}

func assertKind(t testing.TB, kind models.Kind, err error) {
	t.Helper()
	var failure *models.Error
	if assert.True(t, errors.As(err, &failure), "not a public failure: %v", err) {
		assert.Equal(t, kind, failure.Kind)
	}
}

// assertFit checks what holds for every file: text that can be stored, or a failure that can be shown.
func assertFit(t *testing.T, document Document, err error) {
	t.Helper()
	if err != nil {
		var failure *models.Error
		require.ErrorAs(t, err, &failure)
		require.NotEqual(t, models.KindInternal, failure.Kind)
		return
	}
	require.True(t, utf8.ValidString(document.Markdown))
	require.NotContains(t, document.Markdown, "\x00")
	require.NotEmpty(t, strings.TrimSpace(document.Markdown))
	require.LessOrEqual(t, len(document.Markdown), maxOutput)
}

func TestExtractSurvivesDamagedCopies(t *testing.T) {
	extractor := testExtractor(t)
	files, err := filepath.Glob(filepath.Join(testdataDir, "*.*"))
	require.NoError(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		for part := 1; part <= 4; part++ {
			at := len(data) * part / 5
			document, err := extractor.Extract(t.Context(), data[:at], "")
			assertFit(t, document, err)
			damaged := bytes.Clone(data)
			copy(damaged[at:], bytes.Repeat([]byte{0xFF}, 64))
			document, err = extractor.Extract(t.Context(), damaged, "")
			assertFit(t, document, err)
		}
	}
}
