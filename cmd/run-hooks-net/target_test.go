package main

import (
	"net/netip"
	"strings"
	"testing"
)

func TestParseTarget(t *testing.T) {
	tests := []struct{ raw, want string }{
		{"http://h", "http://h/"},
		{" \n\thttp://h/x\r\n ", "http://h/x"},
		{"HTTP://H.Example:80/X", "http://h.example/X"},
		{"https://h:443", "https://h/"},
		{"https://h:80/", "https://h:80/"},
		{"http://h:/x", "http://h/x"},
		{"http://h:0080/x", "http://h/x"},
		{"http://h:65535/x", "http://h:65535/x"},
		{"http://h?a=b", "http://h/?a=b"},
		{"http://h#frag", "http://h/"},
		{"http://h/x#frag?no", "http://h/x"},
		{"http://h/a b{c}|<\"`^>/ü", "http://h/a%20b%7Bc%7D%7C%3C%22%60%5E%3E/%C3%BC"},
		{"http://h/%2F%7b%41", "http://h/%2F%7b%41"},
		{"http://h/x?a={b} 'c'\"<>|^`ü%zz", "http://h/x?a={b}%20%27c%27%22%3C%3E|^`%C3%BC%zz"},
		{`http://h/a\b`, "http://h/a/b"},
		{"http://h/a/./b/../c/..", "http://h/a/"},
		{"http://h/../../a", "http://h/a"},
		{"http://h/%2e%2E/a/.%2e/b", "http://h/b"},
		{`http://h/a\..\b`, "http://h/b"},
		{"http://h//a//b", "http://h//a//b"},
		{"http://user:p%40w@h/x", "http://user:p%40w@h/x"},
		{"http://[::1]:8080/x", "http://[::1]:8080/x"},
		{"http://[0:0::0001]/x", "http://[::1]/x"},
		{"http://2130706433:8080/", "http://127.0.0.1:8080/"},
		{"http://1.2.3/", "http://1.2.0.3/"},
		{"http://0x/", "http://0.0.0.0/"},
		{"http://xn--mnchen-3ya.example/", "http://xn--mnchen-3ya.example/"},
		{"http://a_b.example./", "http://a_b.example./"},
		{"http://0xg/", "http://0xg/"},
		{"http://1a.b2/", "http://1a.b2/"},
	}
	for _, tt := range tests {
		got, err := parseTarget(tt.raw)
		if err != nil || got.String() != tt.want {
			t.Errorf("parseTarget(%q) = %v, %v, want %s", tt.raw, got, err, tt.want)
		}
	}
}

func TestParseTargetRefuses(t *testing.T) {
	for raw, says := range map[string]string{
		"": "scheme", "h": "scheme", "/h": "scheme", "ftp://h/": "scheme", "file:///etc/passwd": "scheme", "://h": "not valid",
		"unix:///s": "scheme", "httpx://h": "scheme", "javascript:x": "scheme",
		"http:h": "host", "http:///h": "host", "http://": "host", "http://:80/": "host", "http://user@/": "host",
		"http://h:x/": "not valid", "http://h:0/": "not valid", "http://h:65536/": "not valid", "http://h:-1/": "not valid",
		"http://h/%zz": "not valid", "http://h/%": "not valid", "http://a b/": "not valid", "http://h\\@g/": "not valid",
		"http://münchen.example/": "ASCII", "http://１６９.254.169.254/": "ASCII", "http://169。254。169。254/": "ASCII",
		"http://%31/": "not valid", "http://%E2%91%A0/": "ASCII", "http://h,g/": "host", "http://h\"/": "host",
		"http://1.2.3.4.5/": "not valid", "http://256.1.1.1/": "not valid", "http://1.256.1/": "not valid", "http://1.1.65536/": "not valid",
		"http://4294967296/": "not valid", "http://099999999999999999999999/": "not valid", "http://08.1/": "not valid", "http://h.1/": "not valid",
		"http://0xfffffffffffffffffffff/": "not valid", "http://1..2/": "not valid",
		"http://[::1/": "not valid", "http://[::1%25lo]/": "not valid", "http://[fe80::1%25eth0]/": "not valid",
	} {
		if got, err := parseTarget(raw); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("parseTarget(%q) = %v, %v, want an error with %q", raw, got, err, says)
		}
	}
}

// FuzzParseTarget: what is accepted is printable ASCII without blanks, reads back
// as itself, has no dot segments, and a host of digits and dots is an address.
func FuzzParseTarget(f *testing.F) {
	for _, seed := range []string{"http://h/a b", "https://u:p@[::1]:8/../%2e?x y#z", "http://2852039166/{}", `http://h\a`, "http://0x7f.1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		target, err := parseTarget(raw)
		if err != nil {
			return
		}
		line := target.Host + target.RequestURI()
		if strings.ContainsFunc(line, func(r rune) bool { return r <= ' ' || r >= 0x7f }) || !strings.HasPrefix(target.RequestURI(), "/") {
			t.Errorf("%q gives the line %q", raw, line)
		}
		if again, err := parseTarget(target.String()); err != nil || again.String() != target.String() {
			t.Errorf("%q gives %q, and that %v, %v", raw, target, again, err)
		}
		if path := target.EscapedPath() + "/"; strings.Contains(path, "/../") || strings.Contains(path, "/./") {
			t.Errorf("%q gives the path %q", raw, path)
		}
		if host := strings.TrimSuffix(target.Hostname(), "."); isDigits(strings.ReplaceAll(host, ".", "")) {
			if _, err := netip.ParseAddr(host); err != nil {
				t.Errorf("%q gives the host %q", raw, host)
			}
		}
	})
}
