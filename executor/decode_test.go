package executor

import (
	"encoding/base64"
	"os/exec"
	"testing"
	"unicode/utf8"
)

func TestDecoded(t *testing.T) {
	for in, want := range map[string]string{
		"plain é 日 🎉":       "plain é 日 🎉",
		"HK\xff\xfe\x00HK":  "HK\uFFFD\uFFFD\x00HK", // e06_SessionStart_nonutf8
		"\xe2\x82":          "\uFFFD",               // a character cut short is one
		"\xe2\x82A":         "\uFFFDA",
		"\xf0\x9f\x8e":      "\uFFFD",
		"\xed\xa0\x80":      "\uFFFD\uFFFD\uFFFD", // a surrogate is none of UTF-8
		"\xc0\xaf":          "\uFFFD\uFFFD",
		"\xf5\x80":          "\uFFFD\uFFFD",
		"\xf0\x80\x80\x80a": "\uFFFD\uFFFD\uFFFD\uFFFDa",
	} {
		if got := decoded([]byte(in)); got != want {
			t.Errorf("decoded(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzDecoded compares with the decoder the original uses, where Node is there.
func FuzzDecoded(f *testing.F) {
	for _, s := range []string{"a", "\xff\xfe", "\xe2\x82\xac", "\xf0\x9f\x8e", "\xed\xa0\x80\xc0"} {
		f.Add([]byte(s))
	}
	node, err := exec.LookPath("node")
	if err != nil {
		f.Skip("node is not here to compare with")
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := decoded(text)
		if !utf8.ValidString(got) {
			t.Fatalf("decoded(%q) is not valid UTF-8: %q", text, got)
		}
		if utf8.Valid(text) {
			return
		}
		cmd := exec.Command(node, "-e", `process.stdout.write(new TextDecoder("utf-8",{ignoreBOM:true}).decode(Buffer.from(process.argv[1],"base64")))`, b64(text))
		want, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("decoded(%q) = %q, node says %q", text, got, want)
		}
	})
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
