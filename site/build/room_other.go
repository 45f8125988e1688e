//go:build !linux

package main

// makeRoom gives the heap large pages, where the system has to be asked.
func makeRoom() {}
