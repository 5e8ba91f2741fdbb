package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// serveProxy starts a proxy that answers plain requests itself, with deny, and
// refuses tunnels with 403. It returns its address and, per request, the
// request line and the headers Host and Proxy-Authorization.
func serveProxy(t *testing.T) (addr string, seen chan [3]string) {
	t.Helper()
	seen = make(chan [3]string, 100)
	addr = strings.TrimPrefix(strings.TrimSuffix(serveHTTP(t, func(w http.ResponseWriter, r *http.Request) {
		seen <- [3]string{r.Method + " " + r.RequestURI, r.Host, r.Header.Get("Proxy-Authorization")}
		if r.Method == http.MethodConnect {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		io.WriteString(w, deny)
	}), "/h"), "http://")
	return addr, seen
}

func TestProxy(t *testing.T) {
	addr, seen := serveProxy(t)
	env := []string{"HTTP_PROXY=http://me:s3cret@" + addr, "HTTPS_PROXY=http://" + addr}
	got := runPost(t, env, map[string]any{"url": "http://hooks.example/h?a=b"})
	if want := [3]string{"POST http://hooks.example/h?a=b", "hooks.example", "Basic bWU6czNjcmV0"}; got.stdout != deny || <-seen != want {
		t.Errorf("%+v", got)
	}
	wantFailure(t, runPost(t, env, map[string]any{"url": "https://hooks.example/h"}), "the proxy answered 403 Forbidden")
	if got := <-seen; got[0] != "CONNECT hooks.example:443" {
		t.Errorf("%q", got)
	}
}

// TestProxyIsAskedForTheURLsHost: a Host header must not lead a proxy elsewhere.
func TestProxyIsAskedForTheURLsHost(t *testing.T) {
	addr, seen := serveProxy(t)
	got := runPost(t, []string{"HTTP_PROXY=" + addr}, map[string]any{
		"url": "http://hooks.example/h", "headers": map[string]string{"Host": "169.254.169.254"},
	})
	if want := [3]string{"POST http://hooks.example/h", "hooks.example", ""}; got.stdout != deny || <-seen != want {
		t.Errorf("%+v", got)
	}
}

// TestProxyDoesNotUnblock: what a proxy would dial is refused where it can be known.
func TestProxyDoesNotUnblock(t *testing.T) {
	addr, seen := serveProxy(t)
	env := []string{"HTTP_PROXY=" + addr, "HTTPS_PROXY=" + addr}
	for _, scheme := range []string{"http://", "https://"} {
		for _, host := range append(spellings([4]byte{169, 254, 169, 254}), "metadata.google.internal", "[fe80::1]") {
			wantFailure(t, runPost(t, env, map[string]any{"url": scheme + host + "/"}), "not sent")
		}
	}
	wantFailure(t, runPost(t, env, map[string]any{"url": "http://①69.254.169.254/"}), "ASCII")
	if len(seen) != 0 {
		t.Errorf("the proxy saw %q", <-seen)
	}
}

func TestNoProxy(t *testing.T) {
	addr, seen := serveProxy(t)
	name := strings.Repeat("a", 64) + ".invalid"
	env := []string{"HTTP_PROXY=" + addr, "NO_PROXY=" + name}
	wantFailure(t, runPost(t, env, map[string]any{"url": "http://" + name + "/"}), "cannot be resolved")
	if got := runPost(t, env, map[string]any{"url": answering(t, 200, "{}")}); got.stdout != "{}" {
		t.Errorf("loopback: %+v", got)
	}
	if len(seen) != 0 {
		t.Errorf("the proxy saw %q", <-seen)
	}
}

func TestProxyFails(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	tests := []struct{ env, url, says string }{
		{"HTTP_PROXY=http://me:s3cret@" + closed, "http://hooks.example/", "cannot reach the proxy: connection refused"},
		{"HTTPS_PROXY=http://me:s3cret@" + closed, "https://hooks.example/", "cannot reach the proxy: connection refused"},
		{"HTTP_PROXY=http://169.254.169.254", "http://hooks.example/", "cannot reach the proxy: not sent: link-local"},
		{"HTTP_PROXY=https://" + strings.TrimPrefix(plain.URL, "http://"), "http://hooks.example/", "does not speak TLS"},
		{"HTTP_PROXY=" + plain.URL, "http://hooks.example/", "404 Not Found"},
	}
	for _, tt := range tests {
		got := runPost(t, []string{tt.env}, map[string]any{"url": tt.url})
		wantFailure(t, got, tt.says)
		if strings.Contains(got.stderr, "s3cret") {
			t.Errorf("the message holds the password: %s", got.stderr)
		}
	}
	cgi := []string{"HTTP_PROXY=http://me:s3cret@" + closed, "REQUEST_METHOD=GET"}
	wantFailure(t, runPost(t, cgi, map[string]any{"url": "http://hooks.example/"}), "HTTP_PROXY is not used")
}
