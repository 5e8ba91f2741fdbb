package main

import (
	"errors"
	"io"
	"net/http"
)

// errLarge is what comes of a server that sends more than maxBody in one answer.
var errLarge = errors.New("the answer is too large")

// client returns the HTTP client for MCP servers and model APIs. It follows no
// redirect, since headers that hold keys would follow it, too; it dials no
// link-local or metadata address, and reads at most maxBody of an answer.
func client() *http.Client {
	return &http.Client{
		Transport: limited{&http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            dialer().DialContext,
			MaxResponseHeaderBytes: maxHeader,
			OnProxyConnectResponse: proxyAnswer,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// limited is a transport whose answers end with errLarge after maxBody bytes.
type limited struct{ *http.Transport }

func (t limited) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.Transport.RoundTrip(req)
	if err == nil {
		resp.Body = &limitedBody{ReadCloser: resp.Body, left: maxBody}
	}
	return resp, err
}

// A limitedBody is a body that may still hold left bytes.
type limitedBody struct {
	io.ReadCloser
	left int64
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errLarge
	}
	p = p[:min(int64(len(p)), b.left+1)]
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, errLarge
	}
	return n, err
}
