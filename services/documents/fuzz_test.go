package documents

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzExtract(f *testing.F) {
	for _, pattern := range []string{"*.*", "hostile/*"} {
		files, err := filepath.Glob(filepath.Join(testdataDir, pattern))
		require.NoError(f, err)
		for _, name := range files {
			data, err := os.ReadFile(name)
			require.NoError(f, err)
			f.Add(data)
		}
	}
	extractor := testExtractor(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		document, err := extractor.Extract(t.Context(), data, "")
		assertFit(t, document, err)
	})
}

// FuzzDOCX mutates the main part: mutated archives are mostly refused before anything is read.
func FuzzDOCX(f *testing.F) {
	for _, name := range []string{"header_en.docx", "textbox_de.docx", "table_fr.docx", "messy_es.docx"} {
		f.Add(unpack(f, name, "word/document.xml"))
	}
	f.Add([]byte(`<w:p><w:fldChar fldCharType="end"/><w:tc></w:tc></w:p></w:tr></w:tbl>`))
	extractor := New(Options{})
	f.Fuzz(func(t *testing.T, part []byte) {
		document, err := extractor.Extract(t.Context(), pack(t, "word/document.xml", part), "")
		assertFit(t, document, err)
	})
}

func FuzzODT(f *testing.F) {
	f.Add(unpack(f, "de.odt", "content.xml"))
	f.Add([]byte(`<text:p><text:span></text:span></text:span><table:table-cell/></text:p></table:table-row>`))
	extractor := New(Options{})
	f.Fuzz(func(t *testing.T, part []byte) {
		document, err := extractor.Extract(t.Context(), pack(t, "content.xml", part), "")
		assertFit(t, document, err)
	})
}

func FuzzRTF(f *testing.F) {
	f.Add(readTestdata(f, "fr.rtf"))
	f.Add([]byte(`{\rtf1\ansicpg1251\u1055?\'e0{\field{\*\fldinst HYPERLINK "https://example.org"}{\fldrslt x}}\cell\row\bin99 }`))
	extractor := New(Options{})
	f.Fuzz(func(t *testing.T, data []byte) {
		document, err := extractor.Extract(t.Context(), append([]byte(`{\rtf1 `), data...), "")
		assertFit(t, document, err)
	})
}

func FuzzHTML(f *testing.F) {
	f.Add(readTestdata(f, "es.html"))
	f.Add([]byte("<table><td>a|b<tr><li><h1><b>*</b>"))
	extractor := New(Options{})
	f.Fuzz(func(t *testing.T, data []byte) {
		document, err := extractor.Extract(t.Context(), append([]byte("<html>"), data...), "a.html")
		assertFit(t, document, err)
	})
}

func unpack(t testing.TB, file, part string) []byte {
	t.Helper()
	archive, err := openArchive(readTestdata(t, file))
	require.NoError(t, err)
	content, err := archive.part(part)
	require.NoError(t, err)
	return content
}

func pack(t testing.TB, part string, content []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	if part == "content.xml" {
		kind, err := archive.Create("mimetype")
		require.NoError(t, err)
		_, err = kind.Write([]byte(contentType(ODT)))
		require.NoError(t, err)
	}
	writer, err := archive.Create(part)
	require.NoError(t, err)
	_, err = writer.Write(content)
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	return packed.Bytes()
}
