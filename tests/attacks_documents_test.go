package tests

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

// entry is one file of an archive.
type entry struct{ name, content string }

func archive(t *testing.T, entries ...entry) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
	for _, e := range entries {
		f, err := w.Create(e.name)
		require.NoError(t, err)
		_, err = f.Write([]byte(e.content))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.String()
}

const (
	wordOpen  = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>`
	wordClose = `</w:body></w:document>`
)

func paragraph(text string) string { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" }

func docx(t *testing.T, document string, more ...entry) string {
	t.Helper()
	return archive(t, append([]entry{{"word/document.xml", document}}, more...)...)
}

// TestArchiveBombs uploads archives that are much larger inside than outside. The answer is the same in both modes.
func TestArchiveBombs(t *testing.T) {
	x := newTarget(t)
	x.suffer(t, func(x target) []attack {
		body := func(content string) string { return docx(t, wordOpen+content+wordClose) }
		blanks := strings.Repeat(" ", 40<<20)
		many := make([]entry, 0, 2_100)
		for i := range cap(many) {
			many = append(many, entry{fmt.Sprintf("word/%d.xml", i), "a"})
		}
		inner := archive(t, entry{"a.txt", strings.Repeat("a", 1<<20)})
		for range 5 {
			inner = archive(t, entry{"1.zip", inner}, entry{"2.zip", inner}, entry{"3.zip", inner})
		}
		upload := func(content string) string { return x.upload("cv.docx", content) }
		return concat(
			refused(http.StatusRequestEntityTooLarge, models.KindFileTooLarge, map[string]string{
				"40 MB of blanks in the document": upload(body(blanks)),
				"40 MB in an attribute":           upload(body(`<w:p w:a="` + blanks + `"/>`)),
				"40 MB in a comment":              upload(body("<!--" + blanks + "-->")),
				"2,100 entries":                   upload(archive(t, many...)),
				"claims 4 GB":                     upload(claimSize(body(paragraph("Ada")), 1<<32-2)),
				"ODT of 40 MB":                    upload(archive(t, entry{"mimetype", "application/vnd.oasis.opendocument.text"}, entry{"content.xml", blanks})),
			}),
			refused(http.StatusBadRequest, models.KindUnsupportedFileType, map[string]string{
				"archives in archives":       upload(inner),
				"archive of nothing":         upload(archive(t)),
				"names that lead elsewhere":  upload(archive(t, entry{"../../../../etc/cron.d/a", marker}, entry{`..\..\a`, marker}, entry{"/etc/passwd", marker})),
				"program":                    upload("\x7fELF\x02\x01\x01" + strings.Repeat("\x00\x01", 500)),
				"program for Windows":        upload("MZ\x90\x00" + strings.Repeat("\x00\x02", 500)),
				"compressed by another tool": upload("\x1f\x8b\x08\x00" + strings.Repeat("\x00\xfe", 500)),
				"picture of markup":          x.upload("cv.svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>`+marker+`</script></svg>`),
				"spreadsheet":                upload(archive(t, entry{"xl/workbook.xml", marker})),
				"old Word file":              upload("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)),
			}),
			refused(http.StatusUnprocessableEntity, models.KindDocumentUnreadable, map[string]string{
				"elements 10,000 deep":      upload(body(strings.Repeat("<w:p>", 10_000) + strings.Repeat("</w:p>", 10_000))),
				"document cut short":        upload(docx(t, wordOpen+"<w:p")),
				"archive cut short":         upload(body(paragraph("Ada"))[:200]),
				"archive without directory": upload("PK\x03\x04" + strings.Repeat("\x00", 200)),
				"directory that lies":       upload(breakDirectory(body(paragraph("Ada")))),
				"no document":               upload(archive(t, entry{"word/other.xml", "<a/>"})),
			}),
			refused(http.StatusBadRequest, models.KindEmptyFile, map[string]string{
				"not XML":  upload(docx(t, marker)),
				"no bytes": upload(""), "only blanks": x.upload("a.txt", strings.Repeat(" \r\n\t", 1000)), "only NULs": x.upload("a.txt", strings.Repeat("\x00", 1000)),
				"document without text": upload(body("")), "only marks without a width": x.upload("a.txt", strings.Repeat("\u200b\u202e", 1000)),
			}),
			// Entities are not replaced, and styles that are too large not read.
			[]attack{
				{name: "entities in entities", status: http.StatusOK, stores: true, request: upload(docx(t, laughs("w:t")+wordOpen+paragraph("&lol9;")+wordClose))},
				{name: "entity of a file", status: http.StatusOK, stores: true, request: upload(docx(t, `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>`+wordOpen+paragraph("&b;")+wordClose))},
				{name: "40 MB of styles", status: http.StatusOK, stores: true, request: upload(docx(t, wordOpen+paragraph("Ada")+wordClose, entry{"word/styles.xml", blanks}))},
			},
		)
	})
	var contents []string
	require.NoError(t, x.DB.Model(&models.Resume{}).Pluck("content", &contents).Error)
	for _, content := range contents {
		assert.NotContains(t, content, "root:", "no file of this machine is read")
		assert.NotContains(t, content, "lollol", "no entity is replaced")
	}
}

func concat(lists ...[]attack) []attack {
	var all []attack
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// laughs are entities that grow tenfold nine times.
func laughs(root string) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE ` + root + ` [<!ENTITY lol0 "lol">`)
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, `<!ENTITY lol%d "%s">`, i, strings.Repeat(fmt.Sprintf("&lol%d;", i-1), 10))
	}
	return b.String() + "]>"
}

// claimSize writes another unpacked size into the first entry of the directory of an archive.
func claimSize(content string, size uint32) string {
	data := []byte(content)
	at := bytes.Index(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[at+24:], size)
	return string(data)
}

// breakDirectory lets the directory point behind the end of the archive.
func breakDirectory(content string) string {
	data := []byte(content)
	at := bytes.Index(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[at+42:], 1<<31)
	return string(data)
}

// TestDocumentsAskNobody uploads documents that name an address of this machine in every way their formats know.
func TestDocumentsAskNobody(t *testing.T) {
	x, bait := newTarget(t), newLure(t)
	at := bait.url
	relations := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="` + at + `/a.png" TargetMode="External"/>` +
		`<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="` + at + `/a.dotm" TargetMode="External"/>` +
		`<Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="file:///etc/passwd" TargetMode="External"/></Relationships>`
	linked := wordOpen + paragraph("Ada Sample") + `<w:p><w:hyperlink r:id="r3"><w:r><w:t>ada@example.com</w:t></w:r></w:hyperlink></w:p>` +
		`<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>INCLUDEPICTURE "` + at + `/b.png"</w:instrText><w:fldChar w:fldCharType="end"/></w:r></w:p>` + paragraph("Skills: Go, SQL") + wordClose
	for name, c := range map[string]struct{ file, content string }{
		"DOCX with outside parts": {"cv.docx", docx(t, linked, entry{"word/_rels/document.xml.rels", relations}, entry{"word/settings.xml", "<a/>"})},
		"DOCX with an entity":     {"cv.docx", docx(t, `<!DOCTYPE a SYSTEM "`+at+`/a.dtd" [<!ENTITY % b SYSTEM "`+at+`/b"> %b;]>`+wordOpen+paragraph("Ada Sample, Go")+wordClose)},
		"ODT with pictures": {"cv.odt", archive(t, entry{"mimetype", "application/vnd.oasis.opendocument.text"}, entry{"content.xml",
			`<!DOCTYPE a SYSTEM "` + at + `/a.dtd"><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:text><text:p>Ada Sample, Go</text:p><draw:image xlink:href="` + at + `/c.png"/><text:a xlink:href="` + at + `">Site</text:a></office:text></office:body></office:document-content>`})},
		"RTF with objects": {"cv.rtf", `{\rtf1 Ada Sample\par Skills: Go, SQL\par{\field{\*\fldinst INCLUDEPICTURE "` + at + `/d.png"}{\fldrslt x}}{\*\template ` + at + `/e}{\object\objlink{\*\objdata 00}}}`},
		"HTML with everything": {"cv.html", `<!DOCTYPE html SYSTEM "` + at + `/a.dtd"><html><head><base href="` + at + `"><link rel=stylesheet href="` + at + `/a.css"><meta http-equiv=refresh content="0;url=` + at + `"></head><body><h1>Ada Sample</h1>` +
			`<script src="` + at + `/a.js">fetch("` + at + `")</script><img src="` + at + `/a.png"><iframe src="` + at + `"></iframe><object data="` + at + `"></object><svg><image href="` + at + `"/></svg><a href="javascript:alert(1)">x</a><p style="background:url(` + at + `)">Go, SQL</p></body></html>`},
		"Markdown with pictures":  {"cv.md", "# Ada Sample\n\n![a](" + at + "/a.png)\n[b](" + at + ")\n<img src=\"" + at + "\">\n\n## Skills\n\nGo, SQL\n"},
		"PDF with actions":        {"cv.pdf", pdf("/OpenAction<</S/URI/URI("+at+")>>/AA<</O<</S/Launch/F(/bin/sh)>>>>/AcroForm<</XFA(<a href='"+at+"'/>)>>/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.launchURL\\(\""+at+"\"\\))>>]>>>>", pdfPage("Ada Sample, Go and SQL"))},
		"text that is an address": {"cv.txt", at + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r := x.Upload(t, c.file, []byte(c.content))
			assert.Contains(t, []int{http.StatusOK, http.StatusUnprocessableEntity, http.StatusBadRequest}, r.Status, "%s", r.Body)
			assert.NotContains(t, string(r.Body), "root:")
			if r.Status == http.StatusOK {
				id, _ := r.JSON(t)["resume_id"].(string)
				stored := x.Server.resume(t, id)
				assert.NotContains(t, stored.Data.RawResume.Content, "root:", "no file of this machine is read")
				assert.NotContains(t, stored.Data.RawResume.Content, "<script", "no script is kept")
			}
		})
	}
	for _, posting := range []string{at, "Go developer, see " + at + "/job", "<img src='" + at + "'>Go developer"} {
		x.UploadJob(t, posting)
	}
	assert.Zero(t, bait.asked.Load(), "nothing that is uploaded makes the server ask another")
}
