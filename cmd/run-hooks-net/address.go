package main

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// errBlocked is what comes of a host or an address that no hook may reach.
var errBlocked = errors.New("not sent: link-local and cloud metadata addresses are refused")

// blockedHost reports whether host, canonical, is a name or an address that no
// hook may reach. What a name stands for is only known when it is dialled: see
// dialer. Through a proxy, which resolves names itself, this is the only check.
func blockedHost(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return blockedAddr(addr)
	}
	return slices.Contains(metadataNames(), strings.TrimSuffix(host, "."))
}

// metadataNames returns the names by which clouds offer their metadata.
func metadataNames() []string {
	return []string{
		"metadata", "metadata.google.internal", "metadata.goog",
		"instance-data", "instance-data.ec2.internal",
		"metadata.azure.internal", "metadata.tencentyun.com", "rancher-metadata",
	}
}

// blockedNets returns what is refused: link-local addresses (§10.1), where most
// clouds keep their metadata, and the metadata addresses that are elsewhere.
// Loopback and private networks are not refused.
func blockedNets() []string {
	return []string{
		"169.254.0.0/16",
		"fe80::/10",
		"100.100.100.200/32", // Alibaba
		"168.63.129.16/32",   // Azure
		"192.0.0.192/32",     // Oracle
		"fd00:c1::a9fe:a9fe/128",
		"fd00:ec2::/32",    // Amazon
		"fd20:ce::254/128", // Google
		"fd00:42::42/128",  // Scaleway
	}
}

// A mapping is a way to write an IPv4 address as an IPv6 one: within net, its
// four bytes stand at the places at.
type mapping struct {
	net string
	at  [4]int
}

// mappings returns the ways known. ::ffff:a.b.c.d is not among them, netip knows it.
func mappings() []mapping {
	return []mapping{
		{"::/96", [4]int{12, 13, 14, 15}},           // compatible
		{"::ffff:0:0:0/96", [4]int{12, 13, 14, 15}}, // translated
		{"64:ff9b::/96", [4]int{12, 13, 14, 15}},    // NAT64 (RFC 6052)
		{"64:ff9b:1::/48", [4]int{12, 13, 14, 15}},  // local NAT64 (RFC 8215), by length of prefix
		{"64:ff9b:1::/48", [4]int{6, 7, 9, 10}},     //
		{"64:ff9b:1::/48", [4]int{7, 9, 10, 11}},    //
		{"64:ff9b:1::/48", [4]int{9, 10, 11, 12}},   //
		{"2002::/16", [4]int{2, 3, 4, 5}},           // 6to4
	}
}

// blockedAddr reports whether addr, or an IPv4 address written in it, is refused.
func blockedAddr(addr netip.Addr) bool {
	addr = addr.WithZone("").Unmap()
	if slices.ContainsFunc(blockedNets(), func(n string) bool { return within(n, addr) }) {
		return true
	}
	return slices.ContainsFunc(mappings(), func(m mapping) bool {
		if addr.Is4() || !within(m.net, addr) {
			return false
		}
		b := addr.As16()
		return blockedAddr(netip.AddrFrom4([4]byte{b[m.at[0]], b[m.at[1]], b[m.at[2]], b[m.at[3]]}))
	})
}

// within reports whether addr is in the network that text names.
func within(text string, addr netip.Addr) bool {
	prefix, err := netip.ParsePrefix(text)
	return err == nil && prefix.Contains(addr)
}

// dialer returns a dialer that refuses blocked addresses when it is about to
// connect: names are resolved by then, so no answer of a name server gets past it.
func dialer() *net.Dialer {
	return &net.Dialer{Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || blockedAddr(at.Addr()) {
			return errBlocked
		}
		return nil
	}}
}

// parseIPv4 reads host as browsers read an IPv4 address: one to four numbers,
// decimal, octal (0…) or hexadecimal (0x…), the last filling the bytes that are
// left. A host whose last part is no number is none: isAddr is false. One that
// ends in a number and is still no address is an error.
func parseIPv4(host string) (addr netip.Addr, isAddr bool, err error) {
	parts := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := len(parts) - 1
	if _, err := parseNumber(parts[last]); errors.Is(err, strconv.ErrSyntax) && !isDigits(parts[last]) {
		return netip.Addr{}, false, nil
	}
	if last > 3 {
		return netip.Addr{}, false, errURL
	}
	var all uint64
	for i, part := range parts {
		n, err := parseNumber(part)
		bits := 8
		if i == last {
			bits = 8 * (4 - last)
		}
		if err != nil || n>>bits != 0 {
			return netip.Addr{}, false, errURL
		}
		all = all<<bits | n
	}
	return netip.AddrFrom4([4]byte{byte(all >> 24), byte(all >> 16), byte(all >> 8), byte(all)}), true, nil
}

// parseNumber reads one part of an IPv4 address. The error is of package strconv.
func parseNumber(part string) (uint64, error) {
	switch {
	case part == "0x":
		return 0, nil
	case strings.HasPrefix(part, "0x"):
		return strconv.ParseUint(part[2:], 16, 64)
	case len(part) > 1 && part[0] == '0':
		return strconv.ParseUint(part[1:], 8, 64)
	}
	return strconv.ParseUint(part, 10, 64)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
