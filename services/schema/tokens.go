package schema

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// sqlToken is a word, a quoted name, a string or a sign of an SQL statement.
type sqlToken struct {
	// text is a word or sign as written, a quoted name without its quotes, a string with them.
	text string
	// quoted names are never keywords.
	quoted bool
}

func (t sqlToken) is(keyword string) bool { return !t.quoted && strings.EqualFold(t.text, keyword) }

// tokenize splits SQL without whitespace and comments. Text that is not SQL gives some tokens, never an error.
func tokenize(sql string) []sqlToken {
	var tokens []sqlToken
	for len(sql) > 0 {
		switch c := sql[0]; {
		case c <= ' ':
			sql = sql[1:]
		case strings.HasPrefix(sql, "--"):
			_, sql, _ = strings.Cut(sql, "\n")
		case strings.HasPrefix(sql, "/*"):
			_, sql, _ = strings.Cut(sql[2:], "*/")
		case c == '\'':
			n := quotedLength(sql, '\'')
			tokens, sql = append(tokens, sqlToken{text: sql[:n]}), sql[n:]
		case c == '"' || c == '`' || c == '[':
			var name string
			name, sql = quotedName(sql)
			tokens = append(tokens, sqlToken{text: name, quoted: true})
		case wordByte(c):
			n := 1
			for n < len(sql) && wordByte(sql[n]) {
				n++
			}
			tokens, sql = append(tokens, sqlToken{text: sql[:n]}), sql[n:]
		default:
			n := 1
			if len(sql) > 1 && slices.Contains(longOperators, sql[:2]) {
				n = 2
			}
			tokens, sql = append(tokens, sqlToken{text: sql[:n]}), sql[n:]
		}
	}
	return tokens
}

var longOperators = []string{"<>", "!=", "<=", ">=", "==", "||", "<<", ">>", "->"}

// wordByte counts the point of a number as a part of it, and every letter outside of ASCII.
func wordByte(c byte) bool {
	return c == '_' || c == '$' || c >= utf8.RuneSelf || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// quotedLength returns the length of the quoted text sql begins with; a doubled quote does not end it.
func quotedLength(sql string, quote byte) int {
	for i := 1; i < len(sql); i++ {
		if sql[i] != quote {
			continue
		}
		if i+1 < len(sql) && sql[i+1] == quote {
			i++
			continue
		}
		return i + 1
	}
	return len(sql)
}

// quotedName returns the name sql begins with and what follows it.
func quotedName(sql string) (name, rest string) {
	if sql[0] == '[' {
		name, rest, _ = strings.Cut(sql[1:], "]")
		return name, rest
	}
	quote := sql[:1]
	n := quotedLength(sql, sql[0])
	name = strings.TrimSuffix(sql[1:n], quote)
	return strings.ReplaceAll(name, quote+quote, quote), sql[n:]
}

// splitTable returns the columns and constraints of a CREATE TABLE statement and its options, or no items if the
// statement has no list.
func splitTable(tokens []sqlToken) (items [][]sqlToken, options []sqlToken) {
	open := slices.IndexFunc(tokens, func(t sqlToken) bool { return t.is("(") })
	if open < 0 || slices.ContainsFunc(tokens[:open], func(t sqlToken) bool { return t.is("virtual") }) {
		return nil, nil
	}
	depth, start := 0, open+1
	for i := open; i < len(tokens); i++ {
		switch t := tokens[i]; {
		case t.is("("):
			depth++
		case t.is(","):
			if depth == 1 {
				items, start = appendItem(items, tokens[start:i]), i+1
			}
		case t.is(")"):
			if depth--; depth == 0 {
				return appendItem(items, tokens[start:i]), tokens[i+1:]
			}
		}
	}
	return nil, nil
}

func appendItem(items [][]sqlToken, item []sqlToken) [][]sqlToken {
	if len(item) == 0 {
		return items
	}
	return append(items, item)
}

// display writes tokens as people do.
func display(tokens []sqlToken) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && !t.is(")") && !t.is(",") && !t.is(".") && !tokens[i-1].is("(") && !tokens[i-1].is(".") {
			if !t.is("(") || tokens[i-1].is(",") || keywordBeforeList(tokens[i-1]) {
				b.WriteByte(' ')
			}
		}
		b.WriteString(t.text)
	}
	return b.String()
}

func keywordBeforeList(t sqlToken) bool {
	return slices.ContainsFunc([]string{"key", "check", "in", "and", "or", "not", "as", "default", "unique", "="}, t.is)
}

// normalize writes tokens in the one way that is compared. Clauses that state what holds anyway are left out.
func normalize(tokens []sqlToken) string {
	var words []string
	for i := 0; i < len(tokens); i++ {
		if n := redundant(tokens, i); n > 0 {
			i += n - 1
			continue
		}
		text := tokens[i].text
		if !strings.HasPrefix(text, "'") || tokens[i].quoted {
			text = strings.ToLower(text)
		}
		words = append(words, text)
	}
	return strings.Join(words, " ")
}

// redundant returns how many tokens at i say nothing: NULL as a column's constraint, ON … NO ACTION, ASC, and the
// parentheses around a single default value.
func redundant(tokens []sqlToken, i int) int {
	at := func(offset int, keyword string) bool {
		return i+offset >= 0 && i+offset < len(tokens) && tokens[i+offset].is(keyword)
	}
	switch {
	case at(0, "null"):
		before := i > 0 && slices.ContainsFunc([]string{"not", "default", "is", "set", "=", "(", ",", "<", ">", "then", "else"}, tokens[i-1].is)
		if !before {
			return 1
		}
	case at(0, "on") && (at(1, "update") || at(1, "delete")) && at(2, "no") && at(3, "action"):
		return 4
	case at(0, "asc"):
		return 1
	case at(0, "(") && at(-1, "default") && at(2, ")"), at(0, ")") && at(-2, "(") && at(-3, "default"):
		return 1
	}
	return 0
}
