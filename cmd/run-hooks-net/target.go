package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// errURL quotes nothing: what stands in the wrong place may be a password.
var errURL = errors.New("the URL is not valid")

// parseTarget reads a handler's URL as the measured client does, by the rules
// of browsers where they differ from net/url's: characters that may not stand in
// a path are percent-encoded (§14), dot segments resolved, a host that is an
// IPv4 address in any spelling becomes that address. The result has a path, a
// canonical host, no default port and no fragment.
//
// Host names must be ASCII, which is stricter than the measured client: an
// international name is written as xn--….
func parseTarget(raw string) (*url.URL, error) {
	raw = strings.TrimFunc(raw, func(r rune) bool { return r <= ' ' })
	parsed, err := url.Parse(encode(raw))
	if err != nil {
		return nil, errURL
	}
	if parsed.Scheme != "http" && parsed.Scheme != "https" {
		return nil, errors.New("the URL's scheme must be http or https")
	}
	host, err := canonicalHost(parsed.Hostname())
	if err != nil {
		return nil, err
	}
	port, err := canonicalPort(parsed.Scheme, parsed.Port())
	if err != nil {
		return nil, err
	}
	target := new(url.URL).ResolveReference(parsed)
	target.Host = authority(host, port)
	target.Fragment, target.RawFragment = "", ""
	if target.Path == "" {
		target.Path = "/"
	}
	return target, nil
}

// encode percent-encodes what browsers encode in the path and the query of raw,
// an absolute URL, and drops the fragment.
func encode(raw string) string {
	_, rest, ok := strings.Cut(raw, "://")
	at := strings.IndexAny(rest, "/?#")
	if !ok || at < 0 {
		return raw
	}
	head := raw[:len(raw)-len(rest)+at]
	tail, _, _ := strings.Cut(rest[at:], "#")
	path, query, hasQuery := strings.Cut(tail, "?")
	path = encodePath(path)
	if hasQuery {
		path += "?" + percent(query, `"<>'`)
	}
	return head + path
}

// encodePath encodes a path; its dots are written as dots, so that dot segments
// can be seen.
func encodePath(path string) string {
	path = strings.NewReplacer(`\`, "/", "%2e", ".", "%2E", ".").Replace(path)
	return percent(path, "\"<>^`{|}")
}

// percent encodes the bytes of s that are in set, blanks, control characters
// and everything beyond ASCII.
func percent(s, set string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(set, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// canonicalHost returns host in lower case, or as the plain spelling of the
// address that it is.
func canonicalHost(host string) (string, error) {
	if strings.Contains(host, ":") {
		addr, err := netip.ParseAddr(host)
		if err != nil || addr.Zone() != "" {
			return "", errURL
		}
		return addr.String(), nil
	}
	if !isAuthority(host) || strings.ContainsAny(host, "[]") {
		return "", errors.New("the URL's host name is not valid (ASCII letters, digits, - . and _ are)")
	}
	host = strings.ToLower(host)
	addr, isAddr, err := parseIPv4(host)
	if err != nil {
		return "", err
	}
	if isAddr {
		return addr.String(), nil
	}
	return host, nil
}

// canonicalPort returns port without leading zeros, "" for the scheme's own.
func canonicalPort(scheme, port string) (string, error) {
	if port == "" {
		return "", nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", errURL
	}
	port = strconv.FormatUint(n, 10)
	if port == defaultPort(scheme) {
		return "", nil
	}
	return port, nil
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// authority joins host and port; port may be "".
func authority(host, port string) string {
	if port != "" {
		return net.JoinHostPort(host, port)
	}
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}
