package main

import (
	"compress/gzip"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// deny is a hook's answer.
const deny = `{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"no <b> & \u00fc"}}`

// serveHTTP starts a server on loopback and returns the URL of its hook.
func serveHTTP(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + "/h"
}

// answering is serveHTTP with one answer to everything.
func answering(t testing.TB, status int, body string) string {
	t.Helper()
	return serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}

// serveRaw starts a server that hands each connection to talk, and closes it
// afterwards; it returns the URL of its hook.
func serveRaw(t testing.TB, talk func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			talk(conn)
			conn.Close()
		}
	}()
	return "http://" + listener.Addr().String() + "/h"
}

// saying is serveRaw with one text as the answer to a request.
func saying(t testing.TB, text string) string {
	t.Helper()
	return serveRaw(t, func(conn net.Conn) {
		readRequest(conn)
		io.WriteString(conn, text)
	})
}

// TestAnswers is the table of §10.1: which answers are a hook's word.
func TestAnswers(t *testing.T) {
	tests := []struct {
		name   string
		status int
		body   string
		stdout string
		fails  string // "" for status 0
	}{
		{"empty", 200, "", "", ""},
		{"blank", 200, " \r\n\t\u00a0", "", ""},
		{"an object", 200, deny, deny, ""},
		{"created", 201, deny, deny, ""},
		{"no content", 204, "", "", ""},
		{"an empty object", 200, "{}", "{}", ""},
		{"async", 200, `{"async":true}`, `{"async":true}`, ""},
		{"blanks around", 200, "\n " + deny + "\r\n", deny, ""},
		{"a byte order mark", 200, "\ufeff" + deny, deny, ""},
		{"several lines", 200, "{\n  \"a\": 1\n}\n", "{\n  \"a\": 1\n}", ""},
		{"plain text", 200, "HK-TEXT", "", "not a JSON object"},
		{"much plain text", 200, strings.Repeat("HK", 100_000), "", "not a JSON object"},
		{"an array", 200, "[" + deny + "]", "", "not a JSON object"},
		{"a string", 200, `"{}"`, "", "not a JSON object"},
		{"null", 200, "null", "", "not a JSON object"},
		{"half an object", 200, deny[:20], "", "not a JSON object"},
		{"two objects", 200, deny + deny, "", "not a JSON object"},
		{"found", 302, deny, "", "302 Found, and redirects are not followed"},
		{"not modified", 304, "", "", "304 Not Modified"},
		{"bad request", 400, deny, "", "400 Bad Request"},
		{"unauthorized", 401, deny, "", "401 Unauthorized"},
		{"not found", 404, deny, "", "404 Not Found"},
		{"too many", 429, deny, "", "429 Too Many Requests"},
		{"error", 500, deny, "", "500 Internal Server Error"},
		{"no such status", 799, deny, "", "answered 799\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := runPost(t, nil, map[string]any{"url": answering(t, tt.status, tt.body)})
			if tt.fails != "" {
				wantFailure(t, got, tt.fails)
			} else if got.status != exitDone || got.stdout != tt.stdout {
				t.Errorf("%+v, want %q", got, tt.stdout)
			}
		})
	}
}

func TestContentTypeOfAnAnswerIsNotAsked(t *testing.T) {
	for _, header := range []string{"", "Content-Type: text/plain\r\n", "Content-Type: text/html; charset=utf-16\r\n"} {
		url := saying(t, "HTTP/1.1 200 OK\r\n"+header+"Content-Length: "+strconv.Itoa(len(deny))+"\r\n\r\n"+deny)
		if got := runPost(t, nil, map[string]any{"url": url}); got.status != exitDone || got.stdout != deny {
			t.Errorf("%q: %+v", header, got)
		}
	}
}

func TestCompressedAnswer(t *testing.T) {
	url := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			t.Errorf("Accept-Encoding: %q", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, deny)
		z.Close()
	})
	got := runPost(t, nil, map[string]any{"url": url, "headers": map[string]string{"accept-encoding": "br"}})
	if got.status != exitDone || got.stdout != deny {
		t.Errorf("%+v", got)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		elsewhere := serveHTTP(t, func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") })
		url := serveHTTP(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere, status) })
		wantFailure(t, runPost(t, nil, map[string]any{"url": url}), "redirects are not followed")
	}
}

// TestSizes holds the limits: the last size that is taken and the first that is not.
func TestSizes(t *testing.T) {
	object := func(size int) string { return `{"a":"` + strings.Repeat("x", size-len(`{"a":""}`)) + `"}` }
	if got := runPost(t, nil, map[string]any{"url": answering(t, 200, object(maxBody))}); got.stdout != object(maxBody) {
		t.Errorf("status %d, %d bytes, %s", got.status, len(got.stdout), got.stderr)
	}
	wantFailure(t, runPost(t, nil, map[string]any{"url": answering(t, 200, object(maxBody+1))}), "too large, of more than 8 MiB")
	endless := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) {
		for err := error(nil); err == nil; {
			_, err = io.WriteString(w, strings.Repeat(" ", 1<<16))
		}
	})
	wantFailure(t, runPost(t, nil, map[string]any{"url": endless}), "too large")
	bomb := serveHTTP(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, strings.Repeat(" ", 2*maxBody))
		z.Close()
	})
	wantFailure(t, runPost(t, nil, map[string]any{"url": bomb}), "too large")
	headers := saying(t, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 2*maxHeader)+"\r\n\r\n{}")
	wantFailure(t, runPost(t, nil, map[string]any{"url": headers}), "not give a valid HTTP answer")
}

func TestBrokenServers(t *testing.T) {
	ok := "HTTP/1.1 200 OK\r\nContent-Length: "
	tests := []struct {
		name, url, stdout, fails string
	}{
		{"hangs up at once", serveRaw(t, func(net.Conn) {}), "", "hung up"},
		{"hangs up after the request", saying(t, ""), "", "hung up"},
		{"hangs up within the header", saying(t, ok+"5\r\nX-A: b"), "", "hung up"},
		{"promises more than it sends", saying(t, ok+"500\r\n\r\n"+deny), "", "hung up"},
		{"promises less than it sends", saying(t, ok+"2\r\n\r\n{}"+deny), "{}", ""},
		{"promises half an object", saying(t, ok+"9\r\n\r\n"+deny), "", "not a JSON object"},
		{"sends half a chunk", saying(t, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}"), "", "hung up"},
		{"sends until it closes", saying(t, "HTTP/1.0 200 OK\r\n\r\n"+deny), deny, ""},
		{"no content, and content", saying(t, "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}"), "", ""},
		{"two lengths", saying(t, ok+"2\r\nContent-Length: 3\r\n\r\n{} "), "", "valid HTTP"},
		{"is no HTTP server", saying(t, "220 ready\r\n"), "", "valid HTTP"},
		{"sends a bad header", saying(t, ok+"2\r\nno colon\r\n\r\n{}"), "", "valid HTTP"},
		{"broken compression", saying(t, ok+strconv.Itoa(len(deny))+"\r\nContent-Encoding: gzip\r\n\r\n"+deny), "", "valid HTTP"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := runPost(t, nil, map[string]any{"url": tt.url})
			if tt.fails != "" {
				wantFailure(t, got, tt.fails)
			} else if got.status != exitDone || got.stdout != tt.stdout {
				t.Errorf("%+v, want %q", got, tt.stdout)
			}
		})
	}
}

// TestHangUpIsNotRetried: a hook may have acted on the request it did not answer.
func TestHangUpIsNotRetried(t *testing.T) {
	requests := make(chan string, 10)
	url := serveRaw(t, func(conn net.Conn) { requests <- readRequest(conn) })
	wantFailure(t, runPost(t, nil, map[string]any{"url": url}), "hung up")
	if len(requests) != 1 {
		t.Errorf("%d requests, want 1", len(requests))
	}
}

func TestUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	tests := []struct{ url, says string }{
		{"http://" + closed + "/h", "POST http://" + closed + ": connection refused"},
		{"http://" + strings.Repeat("a", 64) + ".invalid/h", "cannot be resolved"}, // no name server is asked for such a name
		{"https" + strings.TrimPrefix(answering(t, 200, deny), "http"), "does not speak TLS"},
		{"https" + strings.TrimPrefix(saying(t, "HK-NOISE HK-NOISE"), "http"), "does not speak TLS"},
		{"https" + strings.TrimPrefix(serveRaw(t, func(net.Conn) {}), "http"), "hung up"},
	}
	for _, tt := range tests {
		wantFailure(t, runPost(t, nil, map[string]any{"url": tt.url}), tt.says)
	}
}

func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, deny) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of each client that does not trust it
	server.StartTLS()
	t.Cleanup(server.Close)
	url := map[string]any{"url": server.URL + "/h"}
	wantFailure(t, runPost(t, nil, url), "TLS: x509: certificate signed by unknown authority")
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		t.Skip("SSL_CERT_FILE is not read here")
	}
	roots := filepath.Join(t.TempDir(), "roots.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(roots, block, 0o600); err != nil {
		t.Fatal(err)
	}
	trusting := []string{"SSL_CERT_FILE=" + roots}
	if got := runPost(t, trusting, url); got.status != exitDone || got.stdout != deny {
		t.Errorf("%+v", got)
	}
	other := map[string]any{"url": strings.Replace(server.URL, "127.0.0.1", "localhost", 1)}
	wantFailure(t, runPost(t, trusting, other), "TLS: x509: certificate is valid for")
}
