package documents

import "context"

func docxMarkdown(ctx context.Context, data []byte) (string, error) { return "", errUnreadable(nil) }
func odtMarkdown(ctx context.Context, data []byte) (string, error)  { return "", errUnreadable(nil) }
func rtfMarkdown(ctx context.Context, data []byte) (string, error)  { return "", errUnreadable(nil) }
func layoutMarkdown(p []page) string { s:=""; for _, p:= range p { for _, g := range p.glyphs { if g.startsWord { s+=" "}; s+=string(g.char) } ; for _,l:=range p.links{s+=" "+l.target}}; return s }
const latinGap = 0.06
func believedGap(a, b rune) float64 { return 0.06 }
