package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// spellings returns ways to write an IPv4 address as the host of a URL.
func spellings(a [4]byte) []string {
	n := binary.BigEndian.Uint32(a[:])
	low3, low2 := n&0xffffff, n&0xffff
	return []string{
		fmt.Sprintf("%d.%d.%d.%d", a[0], a[1], a[2], a[3]),
		fmt.Sprintf("%d.%d.%d.%d.", a[0], a[1], a[2], a[3]),
		fmt.Sprintf("%d", n), fmt.Sprintf("0%o", n), fmt.Sprintf("0x%x", n), fmt.Sprintf("0X%X", n), fmt.Sprintf("0000%o", n),
		fmt.Sprintf("0%o.0%o.0%o.0%o", a[0], a[1], a[2], a[3]),
		fmt.Sprintf("0x%x.0x%x.0x%02x.0x%02x", a[0], a[1], a[2], a[3]),
		fmt.Sprintf("%d.0x%x.0%o.%d", a[0], a[1], a[2], a[3]),
		fmt.Sprintf("%d.%d", a[0], low3), fmt.Sprintf("%d.%d.%d", a[0], a[1], low2), fmt.Sprintf("0%o.0x%x", a[0], low3),
		fmt.Sprintf("[::ffff:%d.%d.%d.%d]", a[0], a[1], a[2], a[3]),
		fmt.Sprintf("[0:0:0:0:0:FFFF:%x:%x]", n>>16, low2),
		fmt.Sprintf("[::%x:%x]", n>>16, low2), fmt.Sprintf("[::ffff:0:%x:%x]", n>>16, low2),
		fmt.Sprintf("[64:ff9b::%x:%x]", n>>16, low2), fmt.Sprintf("[64:ff9b:1:2:3:4:%x:%x]", n>>16, low2),
		fmt.Sprintf("[64:ff9b:1:%x:%02x:%02x00::]", n>>16, a[2], a[3]),
		fmt.Sprintf("[64:ff9b:1:%02x:%02x:%02x%02x::]", a[0], a[1], a[2], a[3]),
		fmt.Sprintf("[64:ff9b:1:0:%02x:%02x%02x:%02x00::]", a[0], a[1], a[2], a[3]),
		fmt.Sprintf("[2002:%x:%x::1]", n>>16, low2),
	}
}

// refused reports whether a URL with this host is refused before anything is dialled.
func refused(t *testing.T, host string) bool {
	t.Helper()
	target, err := parseTarget("http://" + host + "/")
	if err != nil {
		t.Fatalf("%s: %v", host, err)
	}
	return blockedHost(target.Hostname())
}

// TestSpellings: an address is refused or not however it is written.
func TestSpellings(t *testing.T) {
	blocked := [][4]byte{{169, 254, 0, 0}, {169, 254, 169, 254}, {169, 254, 170, 2}, {169, 254, 255, 255}, {100, 100, 100, 200}, {168, 63, 129, 16}, {192, 0, 0, 192}}
	free := [][4]byte{{169, 253, 255, 255}, {169, 255, 0, 0}, {127, 0, 0, 1}, {10, 0, 0, 1}, {172, 16, 0, 1}, {192, 168, 1, 1}, {100, 100, 100, 201}, {8, 8, 8, 8}}
	for _, addr := range blocked {
		for _, host := range spellings(addr) {
			if !refused(t, host) {
				t.Errorf("%v as %s is not refused", addr, host)
			}
		}
	}
	for _, addr := range free {
		for _, host := range spellings(addr) {
			if refused(t, host) {
				t.Errorf("%v as %s is refused", addr, host)
			}
		}
	}
}

// FuzzSpellings is TestSpellings for any address.
func FuzzSpellings(f *testing.F) {
	f.Add(uint32(0xa9fea9fe))
	f.Add(uint32(0x7f000001))
	f.Fuzz(func(t *testing.T, n uint32) {
		var a [4]byte
		binary.BigEndian.PutUint32(a[:], n)
		want := blockedAddr(netip.AddrFrom4(a))
		if a[0] == 169 && a[1] == 254 && !want {
			t.Errorf("%v is link-local and not refused", a)
		}
		for _, host := range spellings(a) {
			if got := refused(t, host); got != want {
				t.Errorf("%v as %s: refused is %t, want %t", a, host, got, want)
			}
		}
	})
}

func TestBlockedHosts(t *testing.T) {
	for host, want := range map[string]bool{
		"metadata.google.internal": true, "METADATA.Google.Internal.": true, "metadata": true, "instance-data": true,
		"my-metadata": false, "metadata.example": false, "localhost": false, "hooks.example": false,
		"[fe80::1]": true, "[febf::1]": true, "[fec0::1]": false, "[::1]": false, "[fd12:3456::1]": false,
		"[fd00:ec2::254]": true, "[FD00:0EC2:0::0254]": true, "[fd20:ce::254]": true, "[fe80::a9fe:a9fe]": true,
		"169.254.169.254.nip.io": false, // what it stands for is checked when it is dialled
	} {
		if got := refused(t, host); got != want {
			t.Errorf("%s: refused is %t, want %t", host, got, want)
		}
	}
}

func TestBlockedNetsAreWellFormed(t *testing.T) {
	nets := blockedNets()
	for _, m := range mappings() {
		nets = append(nets, m.net)
	}
	for _, n := range nets {
		if p, err := netip.ParsePrefix(n); err != nil || p != p.Masked() {
			t.Errorf("%s: %v", n, err)
		}
	}
}

func TestRefusedBeforeAnythingIsSent(t *testing.T) {
	for _, host := range []string{"169.254.169.254", "2852039166", "[::ffff:a9fe:a9fe]", "[fe80::1]", "metadata.google.internal"} {
		wantFailure(t, runPost(t, nil, map[string]any{"url": "http://" + host + "/latest"}), "not sent: link-local")
	}
}

// serveNames starts a name server that answers any question for an IPv4 address
// with addrs, and returns a resolver that asks it.
func serveNames(t *testing.T, addrs ...[4]byte) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go func() {
		query := make([]byte, 512)
		for {
			n, from, err := server.ReadFrom(query)
			if err != nil {
				return
			}
			server.WriteTo(answerName(query[:n], addrs), from)
		}
	}()
	var d net.Dialer
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return d.DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// answerName builds the answer to a DNS query (RFC 1035, 4): its question, then
// addrs if it asks for type A, nothing otherwise.
func answerName(query []byte, addrs [][4]byte) []byte {
	end := 12
	for query[end] != 0 {
		end += int(query[end]) + 1
	}
	end += 5 // the root label, type, class
	if query[end-3] != 1 {
		addrs = nil
	}
	answer := append([]byte{query[0], query[1], 0x84, 0, 0, 1, 0, byte(len(addrs)), 0, 0, 0, 0}, query[12:end]...)
	for _, a := range addrs {
		answer = append(answer, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
		answer = append(answer, a[:]...)
	}
	return answer
}

// TestNamesAreCheckedAfterResolution: a harmless name does not lead to an address
// that is refused.
func TestNamesAreCheckedAfterResolution(t *testing.T) {
	_, port, _ := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(answering(t, 200, deny), "/h"), "http://"), ":")
	for _, tt := range []struct {
		addrs   [][4]byte
		blocked bool
	}{
		{[][4]byte{{127, 0, 0, 1}}, false},
		{[][4]byte{{169, 254, 169, 254}}, true},
		{[][4]byte{{100, 100, 100, 200}, {169, 254, 1, 1}}, true},
		{[][4]byte{{169, 254, 169, 254}, {127, 0, 0, 1}}, false}, // the other address is used
	} {
		d := dialer()
		d.Resolver = serveNames(t, tt.addrs...)
		client := http.Client{Transport: &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true}}
		resp, err := client.Post("http://harmless.example.:"+port+"/h", "", nil)
		if errors.Is(err, errBlocked) != tt.blocked {
			t.Errorf("%v: %v, refused should be %t", tt.addrs, err, tt.blocked)
		}
		if err != nil {
			continue
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if string(body) != deny || tt.blocked {
			t.Errorf("%v: %q", tt.addrs, body)
		}
	}
}
