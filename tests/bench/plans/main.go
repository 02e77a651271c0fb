// What decoding, encoding and planning cost with go-cty and HashiCorp's framework: the peer of bench_plans, whose inputs
// it reads and whose output it has the form of.
//
//	plans FOLDER LARGEST MILLISECONDS PATIENCE
//
// A case is tried with more elements only as long as the next size would take less than PATIENCE seconds, should it be
// quadratic.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"
)

var sizes = []int{100, 300, 1_000, 3_000, 10_000, 30_000, 100_000}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func atoi(text string) int {
	number, err := strconv.Atoi(text)
	fail(err)
	return number
}

func read(folder, name string) []byte {
	data, err := os.ReadFile(filepath.Join(folder, name))
	fail(err)
	return data
}

// cpu is that of all threads: what the garbage collector does is part of the price.
func cpu() time.Duration {
	var usage syscall.Rusage
	fail(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// report prints the mean of as many calls as the budget allows; a first one does not count, unless it took long.
func report(name string, size, bytes int, budget time.Duration, call func()) time.Duration {
	start := cpu()
	call()
	mean := cpu() - start
	best := mean
	if mean < 5*budget {
		start = cpu()
		calls := 0
		var taken time.Duration
		for taken < budget || calls == 0 {
			call()
			calls++
			now := cpu() - start
			best = min(best, now-taken)
			taken = now
		}
		mean = taken / time.Duration(calls)
	}
	fmt.Printf(`{"case": %q, "size": %d, "bytes": %d, "ns": %d, "best_ns": %d}`+"\n", name, size, bytes, mean.Nanoseconds(), best.Nanoseconds())
	return mean
}

func codec(folder, name string, times int, budget time.Duration) {
	data := read(folder, name+".msgpack")
	kind, err := ctyjson.UnmarshalType(read(folder, name+".type"))
	fail(err)
	value, err := msgpack.Unmarshal(data, kind)
	fail(err)
	report("decode "+name, times, len(data), budget, func() {
		for range times {
			_, err := msgpack.Unmarshal(data, kind)
			fail(err)
		}
	})
	report("encode "+name, times, len(data), budget, func() {
		for range times {
			encoded, err := msgpack.Marshal(value, kind)
			fail(err)
			if len(encoded) != len(data) {
				fail(fmt.Errorf("%s: %d bytes instead of %d", name, len(encoded), len(data)))
			}
		}
	})
}

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: plans FOLDER LARGEST MILLISECONDS PATIENCE")
		os.Exit(2)
	}
	folder, largest := os.Args[1], atoi(os.Args[2])
	budget := time.Duration(atoi(os.Args[3])) * time.Millisecond
	patience := time.Duration(atoi(os.Args[4])) * time.Second
	codec(folder, "object", 1, budget)
	codec(folder, "small", min(10_000, largest), budget)
	for _, name := range []string{"list", "names", "set"} {
		var last time.Duration
		for i, size := range sizes {
			growth := 1.0
			if i > 0 {
				growth = float64(size) / float64(sizes[i-1])
			}
			if size > largest || float64(last)*growth*growth > float64(patience) {
				break
			}
			last = plan(folder, name, size, budget)
		}
	}
}
