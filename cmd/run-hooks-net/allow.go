package main

import (
	"net/url"
	"slices"
	"strings"
)

// listed reports whether target matches one of the patterns of
// allowedHttpHookUrls (reference §3.2): URLs in which * stands for any text.
//
// Of a pattern with a scheme, what comes before the path is compared with
// scheme, host and port, and the rest with path and query: a * in the host does
// not reach into the path, or https://*.example.com/* would allow
// https://elsewhere.net/.example.com/. A host is compared without regard to case
// or to a dot at its end, a default port may be written or not, and a user name
// is not compared. A pattern that has no path and ends in * allows every path. A
// pattern without a scheme is compared with the URL as a whole.
func listed(patterns []string, target *url.URL) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		scheme, rest, ok := strings.Cut(strings.TrimSpace(pattern), "://")
		if !ok {
			return glob(scheme, target.Scheme+"://"+dotless(target.Host)+target.RequestURI())
		}
		return glob(strings.ToLower(scheme), target.Scheme) && matchRest(rest, target)
	})
}

// matchRest compares target with what follows the scheme of a pattern.
func matchRest(pattern string, target *url.URL) bool {
	pattern, _, _ = strings.Cut(pattern, "#")
	host, path := pattern, ""
	if at := strings.IndexAny(pattern, "/?"); at >= 0 {
		host, path = pattern[:at], encode("http://" + pattern)[len("http://")+at:]
	}
	switch {
	case path == "" && strings.HasSuffix(host, "*"):
		path = "*"
	case !strings.HasPrefix(path, "/"):
		path = "/" + path
	}
	host = dotless(strings.ToLower(host[strings.LastIndex(host, "@")+1:]))
	long := authority(target.Hostname(), defaultPort(target.Scheme))
	return glob(path, target.RequestURI()) &&
		(glob(host, dotless(target.Host)) || target.Port() == "" && glob(host, dotless(long)))
}

// dotless returns host, with or without a port, without the dot that may end a name.
func dotless(host string) string {
	return strings.TrimSuffix(strings.Replace(host, ".:", ":", 1), ".")
}

// glob reports whether text matches pattern, in which * stands for any text.
func glob(pattern, text string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	text, ok := strings.CutPrefix(text, head)
	for ok && strings.Contains(rest, "*") {
		head, rest, _ = strings.Cut(rest, "*")
		_, text, ok = strings.Cut(text, head)
	}
	return ok && strings.HasSuffix(text, rest)
}
