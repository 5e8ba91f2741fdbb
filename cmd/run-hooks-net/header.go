package main

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// variables are the environment variables that header values may use.
type variables struct {
	names  []string            // of the handler: allowedEnvVars
	within []string            // of the settings: httpHookAllowedEnvVars; nil: no list
	getenv func(string) string // "" for what is not set
}

// value returns what name stands for: "" if it may not be used or is not set.
func (v variables) value(name string) string {
	if !slices.Contains(v.names, name) || v.within != nil && !slices.Contains(v.within, name) {
		return ""
	}
	return v.getenv(name)
}

// expand replaces $NAME and ${NAME} in a header value, once, and removes line
// breaks from the result. A name is of upper-case letters, digits and _; any
// other use of $ stays as it is (§10.1, e16_http_header_case).
func (v variables) expand(value string) string {
	if strings.Contains(value, "$") {
		names := regexp.MustCompile(`\$(?:\{([A-Z_][A-Z0-9_]*)\}|[A-Z_][A-Z0-9_]*)`)
		value = names.ReplaceAllStringFunc(value, func(ref string) string {
			return v.value(strings.Trim(ref, "${}"))
		})
	}
	return strings.NewReplacer("\r", "", "\n", "").Replace(value)
}

// setHeaders adds the configured headers to req, replacing what is there. Of
// names that differ in case only, the last in the order of bytes counts. No
// error names a value.
func setHeaders(req *http.Request, headers map[string]string, vars variables) error {
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		value := vars.expand(headers[name])
		if !isToken(name) {
			return fmt.Errorf("%q cannot be the name of a header", name)
		}
		if strings.ContainsFunc(value, isControl) {
			return fmt.Errorf("the value of header %s has a control character", name)
		}
		switch strings.ToLower(name) {
		case "content-length", "transfer-encoding": // ignored (reference §4.1)
		case "accept-encoding", "connection", "trailer": // net/http's own, it has to read the answer
		case "host":
			if !isAuthority(value) {
				return fmt.Errorf("the value of header %s is not a host", name)
			}
			req.Host = value
		default:
			req.Header.Set(name, value)
		}
	}
	return nil
}

// isToken reports whether name may be the name of a header (RFC 9110, 5.6.2).
func isToken(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !isAlnum(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// isAuthority reports whether s can be a host with or without a port.
func isAuthority(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !isAlnum(r) && !strings.ContainsRune("-._:[]", r)
	})
}

func isAlnum(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
