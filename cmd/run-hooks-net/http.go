package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"unicode"
)

// An httpJob is what the parent says about an http handler (reference §4.1).
type httpJob struct {
	URL            string            `json:"url"`
	Headers        map[string]string `json:"headers"`        // values with $NAME, see expand
	AllowedEnvVars []string          `json:"allowedEnvVars"` // the handler's
	URLAllow       []string          `json:"urlAllow"`       // allowedHttpHookUrls; null: no list, []: nothing is allowed
	EnvAllow       []string          `json:"envAllow"`       // httpHookAllowedEnvVars; null: no list
	Event          string            `json:"event"`          // name of the event, not used here
}

// What a server may send at most, in bytes. The body counts uncompressed.
const (
	maxHeader = 64 << 10
	maxBody   = 8 << 20
)

// runHTTP posts the event to the handler's URL and returns the answer if it is a
// JSON object, nothing if it is empty; anything else is an error (§10.1).
func runHTTP(ctx context.Context, in input) ([]byte, error) {
	var job httpJob
	if err := in.decode(&job); err != nil {
		return nil, err
	}
	target, err := parseTarget(job.URL)
	if err != nil {
		return nil, err
	}
	out, err := post(ctx, target, job, in.event)
	if err != nil {
		return nil, fmt.Errorf("POST %s://%s: %w", target.Scheme, target.Host, err)
	}
	return out, nil
}

// post asks the lists, sends the request and reads the answer.
func post(ctx context.Context, target *url.URL, job httpJob, event []byte) ([]byte, error) {
	if job.URLAllow != nil && !listed(job.URLAllow, target) {
		return nil, errors.New("not sent: the URL matches no pattern in allowedHttpHookUrls")
	}
	if blockedHost(target.Hostname()) {
		return nil, errBlocked
	}
	req, err := newRequest(ctx, target, job, event)
	if err != nil {
		return nil, err
	}
	proxy, err := http.ProxyFromEnvironment(req)
	if err != nil {
		return nil, errors.New("HTTP_PROXY is not used where REQUEST_METHOD is set")
	}
	if proxy != nil && target.Scheme == "http" {
		req.Host = "" // net/http would make it the host that the proxy is asked for
	}
	resp, err := transport(proxy).RoundTrip(req)
	if err != nil {
		return nil, errors.New(words(err))
	}
	defer resp.Body.Close()
	return readAnswer(resp)
}

// newRequest builds the request: the measured one (§10.1), but for User-Agent,
// where we do not pass for another program.
func newRequest(ctx context.Context, target *url.URL, job httpJob, event []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(event))
	if err != nil {
		return nil, errors.New("the URL is not valid")
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/plain, */*")
	req.Header.Set("User-Agent", "run-hooks/"+version())
	vars := variables{names: job.AllowedEnvVars, within: job.EnvAllow, getenv: os.Getenv}
	if err := setHeaders(req, job.Headers, vars); err != nil {
		return nil, err
	}
	if user := target.User; user != nil && user.String() != "" {
		password, _ := user.Password()
		req.SetBasicAuth(user.Username(), password) // prevails over a configured Authorization
	}
	return req, nil
}

// transport returns a transport for one request. It follows no redirect, verifies
// certificates, and checks each address it dials, a proxy's too.
func transport(proxy *url.URL) *http.Transport {
	t := &http.Transport{
		DialContext:            dialer().DialContext,
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxHeader,
		OnProxyConnectResponse: proxyAnswer,
	}
	if proxy != nil {
		t.Proxy = http.ProxyURL(proxy)
	}
	return t
}

// readAnswer returns resp's body if it is a JSON object, whatever its
// Content-Type, nothing if it is empty. White space around it, and a byte order
// mark, are dropped.
func readAnswer(resp *http.Response) ([]byte, error) {
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, fmt.Errorf("the server answered %s", status(resp.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if len(body) > maxBody {
		return nil, fmt.Errorf("the answer is too large, of more than %d MiB", maxBody>>20)
	}
	if err != nil {
		return nil, errors.New(words(err))
	}
	body = bytes.TrimFunc(body, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' })
	if len(body) > 0 && (body[0] != '{' || !json.Valid(body)) {
		return nil, errors.New("the answer is not a JSON object")
	}
	return body, nil
}

// status words a status code: the server's own words could hold anything.
func status(code int) string {
	text := strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
	if code >= 300 && code <= 399 {
		text += ", and redirects are not followed"
	}
	return text
}
