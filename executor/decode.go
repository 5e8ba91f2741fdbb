package executor

import (
	"strings"
	"unicode/utf8"
)

// decoded returns bytes as text the way JavaScript's decoder does: each maximal
// part of a malformed sequence becomes one U+FFFD (e06_*_nonutf8). Go's own
// conversions make one of a whole run of bad bytes, or one of each byte.
func decoded(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	var b strings.Builder
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			n = malformed(text)
		}
		b.WriteRune(r)
		text = text[n:]
	}
	return b.String()
}

// malformed returns the length of the maximal part of a sequence at the start of
// text that is not valid UTF-8 (Unicode, table 3-7): a lead byte and those bytes
// after it that could still have continued it.
func malformed(text []byte) int {
	lead, low, high, want := text[0], byte(0x80), byte(0xbf), 0
	switch {
	case lead >= 0xc2 && lead <= 0xdf:
		want = 1
	case lead >= 0xe0 && lead <= 0xef:
		want = 2
	case lead >= 0xf0 && lead <= 0xf4:
		want = 3
	}
	switch lead {
	case 0xe0:
		low = 0xa0
	case 0xed:
		high = 0x9f
	case 0xf0:
		low = 0x90
	case 0xf4:
		high = 0x8f
	}
	n := 1
	for ; n <= want && n < len(text) && text[n] >= low && text[n] <= high; n++ {
		low, high = 0x80, 0xbf
	}
	return n
}
