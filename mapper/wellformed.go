package mapper

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// wellFormed returns the text of a JSON value with U+FFFD for what no Unicode text
// holds: a half of a surrogate pair, as in "\ud800", and bytes that are not UTF-8.
// JavaScript takes both, and hands the first to a program as U+FFFD. A parser in
// Rust refuses the whole text, and its agent then goes on as if there were no
// answer (codex.md §7.1).
func wellFormed(text []byte) []byte {
	var b bytes.Buffer
	for i := 0; i < len(text); {
		n := 1
		if text[i] == '\\' {
			n = min(2, len(text)-i)
		}
		switch high := surrogate(text[i:], 0xd8); {
		case high && surrogate(text[i+6:], 0xdc):
			n = 12
		case high, surrogate(text[i:], 0xdc):
			b.WriteString(`\ufffd`)
			i += 6
			continue
		}
		b.Write(text[i : i+n])
		i += n
	}
	return []byte(string(bytes.Runes(b.Bytes())))
}

// inASCII returns a well-formed JSON text with escapes for what is not ASCII.
func inASCII(text []byte) []byte {
	var b bytes.Buffer
	for _, c := range string(text) {
		if c < utf8.RuneSelf {
			b.WriteByte(byte(c))
			continue
		}
		for _, unit := range utf16.Encode([]rune{c}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.Bytes()
}

// surrogate reports whether text begins with the escape of half a surrogate pair:
// of the first with kind 0xd8, of the second with 0xdc.
func surrogate(text []byte, kind byte) bool {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return false
	}
	unit, err := hex.DecodeString(string(text[2:6]))
	return err == nil && unit[0]&0xfc == kind
}

// nested returns how many objects and arrays are open at most at one place of a
// JSON text.
func nested(text []byte) int {
	open, most, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			open++
			most = max(most, open)
		case c == '}' || c == ']':
			open--
		}
	}
	return most
}
