package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestListed(t *testing.T) {
	tests := []struct {
		pattern, url string
		want         bool
	}{
		{"*", "http://h:8080/x?y", true},
		{"https://*", "https://h:8080/x?y", true},
		{"https://*", "http://h/", false},
		{"http*://h/x", "https://h/x", true},
		{"http*", "https://h/x", true},
		{"https://hooks.example.com/*", "https://hooks.example.com/a/b?c", true},
		{"https://hooks.example.com/*", "https://hooks.example.com", true},
		{"https://hooks.example.com/*", "http://hooks.example.com/a", false},
		{"https://hooks.example.com/*", "https://hooks.example.com:8443/a", false},
		{"https://hooks.example.com/*", "https://hooks.example.com.evil.net/a", false},
		{"https://hooks.example.com/*", "https://evil.net/hooks.example.com/", false},
		{"https://hooks.example.com/*", "https://hooks.example.com@evil.net/", false},
		{"https://hooks.example.com/*", "https://evil.net@hooks.example.com/", true},
		{"https://hooks.example.com/a/*", "https://hooks.example.com/a/../b", false},
		{"https://hooks.example.com/a/*", "https://hooks.example.com/a/%2e%2e/b", false},
		{"https://hooks.example.com/a/*", `https://hooks.example.com/a\..\b`, false},
		{"https://*.example.com/*", "https://a.b.example.com/x", true},
		{"https://*.example.com/*", "https://example.com/x", false},
		{"https://*.example.com/*", "https://evil.net/.example.com/x", false},
		{"https://*.example.com/*", "https://evil.net?.example.com/x", false},
		{"https://*.example.com/*", "https://evil.net#.example.com/x", false},
		{"https://Hooks.Example.COM./*", "https://hooks.example.com/x", true},
		{"https://hooks.example.com/*", "https://HOOKS.example.com./x", true},
		{"https://hooks.example.com.:8443/*", "https://hooks.example.com:8443/x", true},
		{"https://hooks.example.com/Path", "https://hooks.example.com/path", false},
		{"HTTPS://h/x", "https://h/x", true},
		{"http://h:80/x", "http://h/x", true},
		{"http://h/x", "http://h:80/x", true},
		{"https://h:80/x", "https://h/x", false},
		{"http://localhost:*", "http://localhost:8080/x", true},
		{"http://localhost:*", "http://localhost/x", true},
		{"http://localhost:*/*", "http://localhost:1/x", true},
		{"http://localhost:*", "http://localhost.evil.net:1/x", false},
		{"http://h", "http://h/", true},
		{"http://h", "http://h/x", false},
		{"http://h/", "http://h", true},
		{"http://h/x", "http://h/x?y", false},
		{"http://h?y", "http://h/?y", true},
		{"http://h/{x}/*", "http://h/{x}/y", true},
		{"http://u@h/x", "http://h/x", true},
		{"http://h/x#f", "http://h/x", true},
		{"http://h#f/x", "http://h/", true},
		{"http://[::1]:*", "http://[::1]:8/x", true},
		{"http://127.0.0.1/*", "http://2130706433/x", true},
		{"http://127.*", "http://127.0.0.1:8/x", true},
		{" http://h/x ", "http://h/x", true},
		{"", "http://h/", false},
		{"://", "http://h/", false},
		{"h/*", "http://h/x", false},
	}
	for _, tt := range tests {
		target, err := parseTarget(tt.url)
		if err != nil {
			t.Fatalf("%s: %v", tt.url, err)
		}
		if got := listed([]string{"ftp://nothing", tt.pattern}, target); got != tt.want {
			t.Errorf("pattern %s, URL %s: %t, want %t", tt.pattern, tt.url, got, tt.want)
		}
	}
}

// TestURLAllow: no list allows everything, an empty one nothing (e10_http_allowed_urls_empty).
func TestURLAllow(t *testing.T) {
	url := answering(t, 200, deny)
	for _, list := range []any{nil, []string{"http://127.0.0.1:*"}, []string{"https://x/", "*"}} {
		if got := runPost(t, nil, map[string]any{"url": url, "urlAllow": list}); got.stdout != deny {
			t.Errorf("%v: %+v", list, got)
		}
	}
	unasked := serveHTTP(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for _, list := range []any{[]string{}, []string{""}, []string{"https://127.0.0.1:*"}, []string{"http://hooks.example/*"}} {
		got := runPost(t, nil, map[string]any{"url": unasked, "urlAllow": list})
		wantFailure(t, got, "not sent: the URL matches no pattern in allowedHttpHookUrls")
	}
}

// FuzzGlob compares glob with a regular expression.
func FuzzGlob(f *testing.F) {
	for _, seed := range [][2]string{{"*", ""}, {"a*", "abc"}, {"*b*", "abc"}, {"a*b*c", "aXbYbc"}, {"a**c", "ac"}, {"ab*ba", "aba"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		pattern, text = strings.ToValidUTF8(pattern, "?"), strings.ToValidUTF8(text, "?")
		parts := strings.Split(pattern, "*")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		want := regexp.MustCompile(`(?s)^` + strings.Join(parts, ".*") + `$`).MatchString(text)
		if got := glob(pattern, text); got != want {
			t.Errorf("glob(%q, %q) = %t, want %t", pattern, text, got, want)
		}
	})
}

// FuzzListed: no pattern makes listed panic, and none with a host of its own
// allows another one.
func FuzzListed(f *testing.F) {
	for _, seed := range []string{"*", "#/", "?#", "a:*", "@/x", "/%2e", "h:80#x/y", "*.h/*"} {
		f.Add(seed)
	}
	target, err := parseTarget("http://evil.example/hooks.example/?hooks.example/#hooks.example")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, tail string) {
		listed([]string{tail, "http://" + tail}, target)
		if tail == "" || strings.HasPrefix(tail, "/") || strings.HasPrefix(tail, "?") {
			if listed([]string{"http://*hooks.example" + tail}, target) {
				t.Errorf("http://*hooks.example%s allows %s", tail, target)
			}
		}
	})
}
