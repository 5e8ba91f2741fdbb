package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// testVars are variables of which three may be used.
func testVars() variables {
	values := map[string]string{
		"A": "up", "A1": "one", "_": "under", "REF": "$A", "SPLIT": "a\r\nb", "BARE": "s3cret", "low": "s3cret", "Mixed": "s3cret",
	}
	return variables{
		names:  []string{"A", "A1", "_", "REF", "SPLIT", "UNSET", "low", "Mixed"},
		getenv: func(name string) string { return values[name] },
	}
}

func TestExpand(t *testing.T) {
	tests := []struct{ value, want string }{
		{"", ""},
		{"plain", "plain"},
		{"$A", "up"},
		{"${A}", "up"},
		{"Bearer $A.", "Bearer up."},
		{"$A1", "one"},
		{"$A1x", "onex"},
		{"${A}1", "up1"},
		{"$A$A1${_}", "uponeunder"},
		{"$REF", "$A"},
		{"$SPLIT|a\rb\nc", "ab|abc"},
		{"[$UNSET]", "[]"},
		{"[$BARE][${BARE}]", "[][]"},
		{"$low${low}", "$low${low}"},
		{"$Mixed", "ixed"},
		{"${Mixed}", "${Mixed}"},
		{"$$", "$$"},
		{"$$A", "$up"},
		{"$1", "$1"},
		{"${1A}", "${1A}"},
		{"${}", "${}"},
		{"${A", "${A"},
		{"$A}", "up}"},
		{"${A:-d}", "${A:-d}"},
		{"${${A}}", "${up}"},
		{"$É", "$É"},
		{"$", "$"},
	}
	for _, tt := range tests {
		if got := testVars().expand(tt.value); got != tt.want {
			t.Errorf("expand(%q) = %q, want %q", tt.value, got, tt.want)
		}
	}
}

// FuzzExpand: no line break is left, no variable is used that may not be, and
// what is no reference stays.
func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"$A", "${A}", "$BARE ${low}$$A", "a\r\nb$SPLIT", "${A:-d}", "$REF$A1x"} {
		f.Add(seed)
	}
	reference := regexp.MustCompile(`\$[A-Z_{]`)
	breaks := strings.NewReplacer("\r", "", "\n", "")
	f.Fuzz(func(t *testing.T, value string) {
		got := testVars().expand(value)
		if strings.ContainsAny(got, "\r\n") {
			t.Errorf("expand(%q) = %q has a line break", value, got)
		}
		if strings.Contains(got, "s3cret") && !strings.Contains(breaks.Replace(value), "s3cret") {
			t.Errorf("expand(%q) = %q uses a variable that is not allowed", value, got)
		}
		if !reference.MatchString(value) && got != breaks.Replace(value) {
			t.Errorf("expand(%q) = %q changes a text without references", value, got)
		}
		none := variables{names: testVars().names, within: []string{}, getenv: testVars().getenv}
		nothing := variables{getenv: func(string) string { return "" }}
		if a, b := none.expand(value), nothing.expand(value); a != b {
			t.Errorf("%q: an empty list gives %q, no variables %q", value, a, b)
		}
	})
}

func TestTokens(t *testing.T) {
	all := []string{"x-one", "X", "!#$%&'*+-.^_`|~09azAZ"}
	if bad := slices.DeleteFunc(all, isToken); len(bad) > 0 {
		t.Errorf("%q should be tokens", bad)
	}
	for _, name := range []string{"", " ", "a b", "a:", "a\n", "ü", "(", "a/b", "a\x7f", "\x00"} {
		if isToken(name) {
			t.Errorf("%q is no token", name)
		}
	}
}
