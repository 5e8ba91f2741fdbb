package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// readRequest returns one request as it came over the wire.
func readRequest(conn net.Conn) string {
	var raw bytes.Buffer
	req, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &raw)))
	if err != nil {
		return raw.String()
	}
	io.Copy(io.Discard, req.Body)
	return raw.String()
}

// wire runs the handler against a server and returns the lines of the request,
// those of the header in order, and the body.
func wire(t *testing.T, env []string, path string, members map[string]any) (lines []string, body string) {
	t.Helper()
	requests := make(chan string, 1)
	url := serveRaw(t, func(conn net.Conn) {
		requests <- readRequest(conn)
		io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
	})
	if !strings.Contains(path, "://") {
		path = strings.TrimSuffix(url, "/h") + path
	}
	members["url"] = strings.Replace(path, "HOST", strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/h"), 1)
	if got := runPost(t, env, members); got.status != exitDone {
		t.Fatalf("%+v", got)
	}
	head, body, _ := strings.Cut(<-requests, "\r\n\r\n")
	lines = strings.Split(head, "\r\n")
	slices.Sort(lines[1:])
	return lines, body
}

func TestRequest(t *testing.T) {
	lines, body := wire(t, nil, "/h", map[string]any{"event": "PreToolUse"})
	host := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "Host: 127.0.0.1:") })
	if host < 0 {
		t.Fatalf("no Host in %q", lines)
	}
	want := []string{
		"POST /h HTTP/1.1",
		"Accept-Encoding: gzip",
		"Accept: application/json, text/plain, */*",
		"Connection: close",
		"Content-Length: " + strconv.Itoa(len(event)),
		"Content-Type: application/json",
		"User-Agent: run-hooks/" + version(),
	}
	if got := slices.Delete(slices.Clone(lines), host, host+1); !slices.Equal(got, want) {
		t.Errorf("request\n%q, want\n%q", got, want)
	}
	if body != event {
		t.Errorf("body %q, want %q", body, event)
	}
}

// TestEventIsSentByteForByte: only the newline that ends the input is taken off.
func TestEventIsSentByteForByte(t *testing.T) {
	for _, text := range []string{"{}", "{ }\r", "{\n}", "{}\n", "\u2028<>&\xff", strings.Repeat("{", 1<<20)} {
		bodies := make(chan string, 1)
		url := serveHTTP(t, func(_ http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			bodies <- string(body)
		})
		if got := invoke(t, nil, job(t, map[string]any{"url": url})+text+"\n", "http"); got.status != exitDone {
			t.Fatalf("%+v", got)
		}
		if got := <-bodies; got != text {
			t.Errorf("sent %.40q, want %.40q", got, text)
		}
	}
}

func TestRequestHeaders(t *testing.T) {
	env := []string{"HK_A1=up", "HK_A1x=upx", "lower=low", "Mixed1=mix", "HK_CRLF=a\r\nX-Evil: b", "HK_OTHER=s3cret"}
	allowed := []string{"HK_A1", "HK_A1x", "lower", "Mixed1", "HK_CRLF", "HK_UNSET"}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("me@x:p:w"))
	tests := []struct {
		name, path string
		headers    map[string]string
		envAllow   []string
		want       []string
	}{
		{"e16_http_header_case", "/a", map[string]string{"X-One": "v=$lower;${lower};$Mixed1;${Mixed1};$HK_A1x;${HK_A1x}"}, nil,
			[]string{"X-One: v=$lower;${lower};ixed1;${Mixed1};upx;${HK_A1x}"}},
		{"not allowed, unset", "/a", map[string]string{"X-One": "[$HK_OTHER][${HK_UNSET}]"}, nil, []string{"X-One: [][]"}},
		{"narrowed", "/a", map[string]string{"X-One": "[$HK_A1][$HK_OTHER]"}, []string{"HK_OTHER"}, []string{"X-One: [][]"}},
		{"narrowed to nothing", "/a", map[string]string{"X-One": "[$HK_A1]"}, []string{}, []string{"X-One: []"}},
		{"in both lists", "/a", map[string]string{"X-One": "[$HK_A1]"}, []string{"HK_A1"}, []string{"X-One: [up]"}},
		{"line breaks", "/a", map[string]string{"X-One": "$HK_CRLF\r\nX-Two: c"}, nil, []string{"X-One: aX-Evil: bX-Two: c"}},
		{"names are no templates", "/a", map[string]string{"X-$HK_A1": "b"}, nil, []string{"X-$hk_a1: b"}},
		{"defaults are replaced", "/a", map[string]string{"content-type": "text/x", "ACCEPT": "a/b", "User-Agent": "me"}, nil,
			[]string{"Content-Type: text/x", "Accept: a/b", "User-Agent: me"}},
		{"the body's length is not", "/a", map[string]string{"Content-Length": "3", "transfer-encoding": "chunked"}, nil,
			[]string{"Content-Length: " + strconv.Itoa(len(event))}},
		{"the connection is ours", "/a", map[string]string{"Connection": "keep-alive", "Trailer": "X", "Accept-Encoding": "br"}, nil,
			[]string{"Connection: close", "Accept-Encoding: gzip"}},
		{"host", "/a", map[string]string{"host": "hooks.example:81"}, nil, []string{"Host: hooks.example:81"}},
		{"user and password", "http://me%40x:p%3Aw@HOST/a", nil, nil, []string{"Authorization: " + basic}},
		{"user before header", "http://me%40x:p%3Aw@HOST/a", map[string]string{"authorization": "Bearer b"}, nil,
			[]string{"Authorization: " + basic}},
		{"header alone", "http://@HOST/a", map[string]string{"authorization": "Bearer $HK_A1"}, nil, []string{"Authorization: Bearer up"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lines, body := wire(t, env, tt.path, map[string]any{"headers": tt.headers, "allowedEnvVars": allowed, "envAllow": tt.envAllow})
			for _, want := range tt.want {
				name, _, _ := strings.Cut(want, ":")
				same := func(l string) bool { return !strings.HasPrefix(strings.ToLower(l), strings.ToLower(name)+":") }
				if got := slices.DeleteFunc(slices.Clone(lines), same); !slices.Equal(got, []string{want}) {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if text := strings.Join(lines, "\n"); strings.Contains(text, "s3cret") || strings.Contains(strings.ToLower(text), "\nx-evil:") {
				t.Errorf("request\n%s", text)
			}
			if body != event {
				t.Errorf("body %q", body)
			}
		})
	}
}

func TestRequestLine(t *testing.T) {
	tests := []struct{ path, line string }{
		{"/${HK_PATH}", "POST /$%7BHK_PATH%7D HTTP/1.1"}, // e10_http_url_env
		{"/%2F{a}|b c?x={y} z#part", "POST /%2F%7Ba%7D%7Cb%20c?x={y}%20z HTTP/1.1"},
		{"", "POST / HTTP/1.1"},
		{"?q", "POST /?q HTTP/1.1"},
		{"/a/../b/./%2e%2e/ü", "POST /%C3%BC HTTP/1.1"},
	}
	for _, tt := range tests {
		if lines, _ := wire(t, []string{"HK_PATH=x"}, tt.path, map[string]any{"allowedEnvVars": []string{"HK_PATH"}}); lines[0] != tt.line {
			t.Errorf("%s: %q, want %q", tt.path, lines[0], tt.line)
		}
	}
}

func TestHeadersThatCannotBeSent(t *testing.T) {
	url := serveHTTP(t, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
	for name, value := range map[string]string{
		"X A": "s3cret", "": "s3cret", "X:": "s3cret", "X\r\nY": "s3cret", "Ü": "s3cret",
		"X-Nul": "s3cret\x00", "X-Bell": "s3cret\a", "X-Del": "\x7fs3cret",
		"Host": "s3cret/path",
	} {
		got := runPost(t, nil, map[string]any{"url": url, "headers": map[string]string{name: value}})
		wantFailure(t, got, "header")
		if strings.Contains(got.stderr, "s3cret") {
			t.Errorf("%q: the message holds the value: %s", name, got.stderr)
		}
	}
}

// TestMessagesHoldNoKeys: whatever goes wrong, no message holds what may be a
// key, even if the server sends it back.
func TestMessagesHoldNoKeys(t *testing.T) {
	echo := func(before, after string) string {
		return serveRaw(t, func(conn net.Conn) { io.WriteString(conn, before+readRequest(conn)+after) })
	}
	for name, url := range map[string]string{
		"status":    answering(t, 401, "s3cret"),
		"text":      answering(t, 200, "s3cret"),
		"echo":      echo("", ""),
		"header":    echo("HTTP/1.1 200 OK\r\n", ""),
		"reason":    saying(t, "HTTP/1.1 500 s3cret\r\n\r\n"),
		"malformed": saying(t, "HTTP/1.1 2s3cret\r\n\r\n"),
		"location":  saying(t, "HTTP/1.1 302 s3cret\r\nLocation: http://s3cret/\r\n\r\n"),
		"hang-up":   saying(t, ""),
		"refused":   "http://127.0.0.1:9/h",
		"blocked":   "http://169.254.169.254/h",
		"bad host":  "http://a b/h",
		"bad port":  "http://127.0.0.1:s3cret/h",
		"bad user":  "http://s3cret^@127.0.0.1/h",
		"scheme":    "s3cret://127.0.0.1/h",
	} {
		t.Run(name, func(t *testing.T) {
			url = strings.Replace(url, "://", "://s3cret:s3cret@", 1) + "/s3cret?key=s3cret#s3cret"
			got := runPost(t, []string{"KEY=s3cret"}, map[string]any{
				"url": url, "headers": map[string]string{"Authorization": "Bearer $KEY", "X-Key": "s3cret"}, "allowedEnvVars": []string{"KEY"},
			})
			wantFailure(t, got, "")
			if strings.Contains(got.stderr, "s3cret") || strings.Contains(got.stderr, "czNjcmV0") {
				t.Errorf("the message holds a key: %s", got.stderr)
			}
		})
	}
}
