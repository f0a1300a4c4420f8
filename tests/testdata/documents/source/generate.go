// Command generate writes the test documents beside this folder; see README.md for what it needs.
//
//	cd tests/testdata/documents/source && go run .
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"

	"golang.org/x/text/encoding/charmap"
)

const outDir = ".."

type truth struct {
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Phone    string   `json:"phone"`
	Headings []string `json:"headings"`
	Blocks   []block  `json:"blocks"`
}

type block struct {
	Section string `json:"section"`
	Text    string `json:"text"`
}

func truthOf(p person) truth {
	t := truth{Name: p.Name, Email: p.Email, Phone: p.Phone}
	for _, s := range p.Sections {
		t.Headings = append(t.Headings, s.Title)
		add := func(text string) {
			if text != "" {
				t.Blocks = append(t.Blocks, block{s.Title, text})
			}
		}
		add(s.Text)
		for _, e := range s.Entries {
			add(e.Title)
			add(e.Organization)
			for _, bullet := range e.Bullets {
				add(bullet)
			}
		}
		for _, item := range s.Items {
			add(item)
		}
	}
	return t
}

func main() {
	work, err := os.MkdirTemp("", "documents")
	check(err)
	defer os.RemoveAll(work)
	truths := map[string]truth{}
	done := func(name, lang string) { truths[name] = truthOf(people[lang]) }

	for name, page := range map[string]string{
		"column_en.pdf":    oneColumn(people["en"]),
		"column_es.pdf":    oneColumn(people["es"]),
		"sidebar_de.pdf":   twoColumns(people["de"]),
		"scrambled_fr.pdf": scrambled(people["fr"]),
	} {
		print(work, name, page)
		done(name, name[len(name)-6:len(name)-4])
	}
	write("ligatures_en.pdf", ligaturesPDF(people["en"]))
	done("ligatures_en.pdf", "en")

	writeDOCX("header_en.docx", headerDOCX(people["en"]))
	done("header_en.docx", "en")
	writeDOCX("textbox_de.docx", textboxDOCX(people["de"]))
	done("textbox_de.docx", "de")
	writeDOCX("table_fr.docx", tableDOCX(people["fr"]))
	done("table_fr.docx", "fr")
	writeDOCX("messy_es.docx", messyDOCX(people["es"]))
	done("messy_es.docx", "es")

	convert(work, "odt", "de.odt", oneColumn(people["de"]))
	done("de.odt", "de")
	convert(work, "rtf", "fr.rtf", oneColumn(people["fr"]))
	done("fr.rtf", "fr")

	write("es.html", []byte(oneColumn(people["es"])))
	done("es.html", "es")
	write("en.md", []byte(markdown(people["en"])))
	done("en.md", "en")
	encoded, err := charmap.Windows1252.NewEncoder().Bytes([]byte(plain(people["de"])))
	check(err)
	write("de.txt", encoded)

	list, err := json.MarshalIndent(truths, "", "  ")
	check(err)
	write("truth.json", append(list, '\n'))
	writeHostile()
}

// print makes a PDF of a page with Chromium.
func print(work, name, page string) {
	source := filepath.Join(work, name+".html")
	check(os.WriteFile(source, []byte(page), 0o600))
	run("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
		"--user-data-dir="+filepath.Join(work, "profile"), "--print-to-pdf="+filepath.Join(outDir, name), source)
}

// convert makes a word processor's document of a page with LibreOffice.
func convert(work, format, name, page string) {
	source := filepath.Join(work, name[:len(name)-4]+".html")
	check(os.WriteFile(source, []byte(page), 0o600))
	run("soffice", "--headless", "-env:UserInstallation=file://"+filepath.Join(work, "office"), "--infilter=HTML (StarWriter)",
		"--convert-to", format, "--outdir", outDir, source)
}

func write(name string, content []byte) {
	check(os.WriteFile(filepath.Join(outDir, name), content, 0o644))
}

func run(name string, args ...string) {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		log.Fatal(fmt.Errorf("%s: %w\n%s", name, err, out))
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
