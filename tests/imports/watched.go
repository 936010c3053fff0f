// A program that profiles itself by runtime/pprof: what it does is known.
package main

import (
	"os"
	"runtime/pprof"
	"time"
)

func leaf(n int) int {
	s := 0
	for i := 0; i < n; i++ {
		s += i * i % 7
	}
	return s
}

func middle(n int) int { return leaf(n) + leaf(n/2) }

//go:noinline
func work(until time.Time) {
	for time.Now().Before(until) {
		middle(100000)
	}
}

func main() {
	file, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	pprof.StartCPUProfile(file)
	work(time.Now().Add(time.Second))
	pprof.StopCPUProfile()
	file.Close()
}
