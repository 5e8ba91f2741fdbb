//go:build !unix

package main

// nonblocking changes nothing here.
const nonblocking = 0
