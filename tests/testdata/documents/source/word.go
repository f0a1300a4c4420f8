package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"strings"
)

// docx is the content of a Word document's parts.
type docx struct {
	body, header string
}

const (
	wordNames = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
		`xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" ` +
		`xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" ` +
		`xmlns:v="urn:schemas-microsoft-com:vml"`
	relationshipTypes = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	xmlHead           = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	styles            = `<w:styles ` + wordNames + `><w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="20"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/><w:rPr><w:sz w:val="44"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Liste"><w:name w:val="List Bullet"/></w:style></w:styles>`
)

func writeDOCX(name string, d docx) { write(name, packDOCX(d)) }

func packDOCX(d docx) []byte {
	rels := `<Relationship Id="r1" Type="` + relationshipTypes + `styles" Target="styles.xml"/>` +
		`<Relationship Id="link" Type="` + relationshipTypes + `hyperlink" Target="https://nora.example.org/work" TargetMode="External"/>`
	parts := map[string]string{
		"word/document.xml": `<w:document ` + wordNames + `><w:body>` + d.body + `</w:body></w:document>`,
		"word/styles.xml":   styles,
	}
	order := []string{"[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", "word/document.xml", "word/styles.xml"}
	if d.header != "" {
		rels += `<Relationship Id="r2" Type="` + relationshipTypes + `header" Target="header1.xml"/>`
		parts["word/header1.xml"] = `<w:hdr ` + wordNames + `>` + d.header + `</w:hdr>`
		order = append(order, "word/header1.xml")
	}
	const packageNames = `xmlns="http://schemas.openxmlformats.org/package/2006/`
	parts["word/_rels/document.xml.rels"] = `<Relationships ` + packageNames + `relationships">` + rels + `</Relationships>`
	parts["_rels/.rels"] = `<Relationships ` + packageNames + `relationships"><Relationship Id="r1" Type="` + relationshipTypes + `officeDocument" Target="word/document.xml"/></Relationships>`
	parts["[Content_Types].xml"] = `<Types ` + packageNames + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	for _, name := range order {
		part, err := archive.Create(name)
		check(err)
		_, err = part.Write([]byte(xmlHead + parts[name]))
		check(err)
	}
	check(archive.Close())
	return packed.Bytes()
}

// para is a paragraph of one run with properties of the paragraph and of the run.
func para(properties, run, text string) string {
	text = strings.ReplaceAll(html.EscapeString(text), "\t", `</w:t><w:tab/><w:t xml:space="preserve">`)
	return fmt.Sprintf(`<w:p><w:pPr>%s</w:pPr><w:r><w:rPr>%s</w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, properties, run, text)
}

func styled(style, text string) string { return para(`<w:pStyle w:val="`+style+`"/>`, "", text) }

func sectionDOCX(s section) string {
	out := styled("H1", s.Title)
	if s.Text != "" {
		out += para("", "", s.Text)
	}
	for _, e := range s.Entries {
		out += styled("H2", e.Title) + para("", "", e.Organization+"\t"+e.Dates)
		for _, bullet := range e.Bullets {
			out += styled("Liste", bullet)
		}
	}
	for _, item := range s.Items {
		out += styled("Liste", item)
	}
	return out
}

func sections(p person, side bool) string {
	var out string
	for _, s := range p.Sections {
		if s.Side == side {
			out += sectionDOCX(s)
		}
	}
	return out
}

// headerDOCX keeps name and contact data in the page header, and holds deleted and hidden text.
func headerDOCX(p person) docx {
	link := `<w:p><w:hyperlink r:id="link"><w:r><w:t>portfolio</w:t></w:r></w:hyperlink></w:p>`
	removed := `<w:p><w:del><w:r><w:delText>REMOVED</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>HIDDEN</w:t></w:r></w:p>`
	return docx{
		header: styled("Titel", p.Name) + para("", "", p.Headline) + para("", "", p.Email+"\t"+p.Phone),
		body:   link + removed + sections(p, false) + sections(p, true),
	}
}

// textboxDOCX keeps contact data in a text box, which is written twice: for new programs and for old ones.
func textboxDOCX(p person) docx {
	content := `<w:txbxContent>` + para("", "", p.Email) + para("", "", p.Phone) + `</w:txbxContent>`
	box := `<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>` + content + `</wps:txbx></w:drawing></mc:Choice>` +
		`<mc:Fallback><w:pict><v:textbox>` + content + `</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>`
	return docx{body: styled("Titel", p.Name) + box + sections(p, false) + sections(p, true)}
}

// tableDOCX lays the page out with a table of two columns.
func tableDOCX(p person) docx {
	cell := func(content string) string { return `<w:tc>` + content + `</w:tc>` }
	contact := para("", "", p.Email) + para("", "", p.Phone)
	return docx{body: styled("Titel", p.Name) + `<w:tbl><w:tr>` + cell(contact+sections(p, false)) + cell(sections(p, true)) + `</w:tr></w:tbl><w:p/>`}
}

// messyDOCX uses no styles: bold capitals for sections, tabs for dates, typed bullets.
func messyDOCX(p person) docx {
	const bold = `<w:b/>`
	out := para("", `<w:b/><w:sz w:val="36"/>`, p.Name) + para("", "", p.Headline) + para("", "", p.Email+"\t"+p.Phone)
	for _, s := range p.Sections {
		out += para("", "", "") + para("", bold, strings.ToUpper(s.Title))
		if s.Text != "" {
			out += para("", "", s.Text)
		}
		for _, e := range s.Entries {
			out += para("", bold, e.Title) + para("", "", e.Organization+"\t\t"+e.Dates)
			for _, bullet := range e.Bullets {
				out += para("", "", "•\t"+bullet)
			}
		}
		for _, item := range s.Items {
			out += para("", "", "- "+item)
		}
	}
	return docx{body: out}
}
