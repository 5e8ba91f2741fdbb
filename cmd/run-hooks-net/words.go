package main

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// words says in our own words why a request failed. The texts of net/http would
// quote what a server sent, and a server may send back what it was sent.
func words(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "proxyconnect" {
		return "cannot reach the proxy: " + cause(op.Err)
	}
	return cause(err)
}

// cause is words, without saying at whom the request failed.
func cause(err error) string {
	var (
		dns   *net.DNSError
		cert  *tls.CertificateVerificationError
		proxy proxyError
	)
	switch {
	case errors.Is(err, errBlocked):
		return errBlocked.Error()
	case errors.Is(err, errLarge):
		return errLarge.Error()
	case errors.Is(err, errNoChoice):
		return errNoChoice.Error()
	case errors.As(err, &proxy):
		return proxy.Error()
	case errors.As(err, &dns):
		return "the host name cannot be resolved: " + dns.Err
	case errors.As(err, &cert):
		return "TLS: " + cert.Err.Error()
	case isPlain(err):
		return "TLS: the server does not speak TLS on this port"
	case isHandshake(err):
		return err.Error()
	}
	return broken(err)
}

// isHandshake reports whether err is an alert or another fault of package tls,
// whose texts are its own.
func isHandshake(err error) bool {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Op == "remote error" || op.Op == "local error"
	}
	return strings.HasPrefix(err.Error(), "tls: ")
}

// isPlain reports whether err came of an answer in plain text where TLS was expected.
func isPlain(err error) bool {
	var record tls.RecordHeaderError
	return errors.Is(err, http.ErrSchemeMismatch) || errors.As(err, &record)
}

// broken words the errors of a connection.
func broken(err error) string {
	var errno syscall.Errno
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		err.Error() == "http: server closed idle connection": // before the request was written
		return "the server hung up before the answer was complete"
	case errors.As(err, &errno):
		return errno.Error()
	}
	return "the server did not give a valid HTTP answer"
}

// A proxyError is the status with which a proxy refused a tunnel.
type proxyError int

func (e proxyError) Error() string { return "the proxy answered " + status(int(e)) }

// proxyAnswer is called with a proxy's answer to CONNECT.
func proxyAnswer(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return proxyError(resp.StatusCode)
	}
	return nil
}
