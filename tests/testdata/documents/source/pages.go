package main

import (
	"fmt"
	"html"
	"strings"
)

const baseStyle = `@page{size:A4;margin:16mm}body{font:10pt "Liberation Sans",sans-serif;margin:0}
h1{font-size:22pt;margin:0}h2{font-size:13pt;margin:10pt 0 3pt;border-bottom:1px solid #888}
h3{font-size:10pt;margin:6pt 0 0}p{margin:2pt 0}ul{margin:2pt 0;padding-left:14pt}`

func page(p person, style, body string) string {
	return fmt.Sprintf("<!DOCTYPE html>\n<html lang=%q><head><meta charset=\"utf-8\"><title>%s</title>\n<style>%s%s</style></head>\n<body>\n%s</body></html>\n",
		p.Lang, html.EscapeString(p.Name), baseStyle, style, body)
}

func contact(p person) string {
	return fmt.Sprintf("<p>%s<br>%s<br><a href=\"mailto:%s\">%s</a><br>%s<br><a href=%q>portfolio</a></p>\n",
		html.EscapeString(p.Headline), html.EscapeString(p.City), p.Email, p.Email, p.Phone, p.Link)
}

func sectionHTML(s section) string {
	var out strings.Builder
	fmt.Fprintf(&out, "<h2>%s</h2>\n", html.EscapeString(s.Title))
	if s.Text != "" {
		fmt.Fprintf(&out, "<p>%s</p>\n", html.EscapeString(s.Text))
	}
	for _, e := range s.Entries {
		fmt.Fprintf(&out, "<h3>%s</h3>\n<p>%s, %s</p>\n", html.EscapeString(e.Title), html.EscapeString(e.Organization), e.Dates)
		out.WriteString(list(e.Bullets))
	}
	out.WriteString(list(s.Items))
	return out.String()
}

func list(items []string) string {
	if len(items) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("<ul>\n")
	for _, item := range items {
		fmt.Fprintf(&out, "<li>%s</li>\n", html.EscapeString(item))
	}
	out.WriteString("</ul>\n")
	return out.String()
}

func oneColumn(p person) string {
	var body strings.Builder
	fmt.Fprintf(&body, "<h1>%s</h1>\n%s", html.EscapeString(p.Name), contact(p))
	for _, s := range p.Sections {
		body.WriteString(sectionHTML(s))
	}
	return page(p, "", body.String())
}

func split(p person) (main, side string) {
	var mainOut, sideOut strings.Builder
	for _, s := range p.Sections {
		if s.Side {
			sideOut.WriteString(sectionHTML(s))
		} else {
			mainOut.WriteString(sectionHTML(s))
		}
	}
	return mainOut.String(), sideOut.String()
}

func twoColumns(p person) string {
	main, side := split(p)
	return page(p, ".row{display:flex;gap:9mm}.side{flex:0 0 48mm;background:#eef}",
		fmt.Sprintf("<h1>%s</h1>\n<div class=row><div class=side>%s%s</div>\n<div>%s</div></div>\n",
			html.EscapeString(p.Name), contact(p), side, main))
}

// scrambled places every line of a page with two columns by hand, in an order that nobody reads.
func scrambled(p person) string {
	type piece struct {
		x, y, width int
		markup      string
	}
	var pieces []piece
	y := map[int]int{0: 18, 64: 18}
	add := func(x, width, height int, markup string) {
		pieces = append(pieces, piece{x, y[x], width, markup})
		y[x] += height
	}
	add(0, 170, 0, "<h1>"+html.EscapeString(p.Name)+"</h1>")
	y[0] += 14
	y[64] += 14
	for _, text := range []string{p.Headline, p.City, p.Email, p.Phone} {
		add(0, 55, 5, html.EscapeString(text))
	}
	for _, s := range p.Sections {
		x, width := 64, 112
		if s.Side {
			x, width = 0, 55
		}
		y[x] += 4
		add(x, width, 8, "<h2>"+html.EscapeString(s.Title)+"</h2>")
		if s.Text != "" {
			add(x, width, 4+5*(len(s.Text)/65+1), "<p>"+html.EscapeString(s.Text)+"</p>")
		}
		for _, e := range s.Entries {
			add(x, width, 6, "<h3>"+html.EscapeString(e.Title)+"</h3>")
			add(x, width, 6, "<p>"+html.EscapeString(e.Organization)+", "+e.Dates+"</p>")
			for _, bullet := range e.Bullets {
				add(x, width, 1+5*(len(bullet)/62+1), "<p>• "+html.EscapeString(bullet)+"</p>")
			}
		}
		for _, item := range s.Items {
			add(x, width, 6, "<p>• "+html.EscapeString(item)+"</p>")
		}
	}
	var body strings.Builder
	for i := range pieces {
		at := pieces[(i*7+3)%len(pieces)]
		fmt.Fprintf(&body, "<div style=\"left:%dmm;top:%dmm;width:%dmm\">%s</div>\n", at.x, at.y, at.width, at.markup)
	}
	return page(p, "div{position:absolute}h2{margin-top:0}", body.String())
}

func markdown(p person) string {
	var out strings.Builder
	fmt.Fprintf(&out, "# %s\n\n%s\n%s\n%s | %s | [portfolio](%s)\n", p.Name, p.Headline, p.City, p.Email, p.Phone, p.Link)
	for _, s := range p.Sections {
		fmt.Fprintf(&out, "\n## %s\n", s.Title)
		if s.Text != "" {
			fmt.Fprintf(&out, "\n%s\n", s.Text)
		}
		for _, e := range s.Entries {
			fmt.Fprintf(&out, "\n### %s\n\n%s, %s\n", e.Title, e.Organization, e.Dates)
			for _, bullet := range e.Bullets {
				fmt.Fprintf(&out, "- %s\n", bullet)
			}
		}
		for _, item := range s.Items {
			fmt.Fprintf(&out, "- %s\n", item)
		}
	}
	return out.String()
}

// plain is the Markdown without its marks, with the line ends of old editors.
func plain(p person) string {
	text := strings.NewReplacer("### ", "", "## ", "", "# ", "", "[portfolio](", "", ")\n", "\n").Replace(markdown(p))
	return strings.ReplaceAll(text, "\n", "\r\n")
}
