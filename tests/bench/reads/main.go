// Reads the discovery document and the signing keys of every context of a kubeconfig over client-go, as a provider
// written in Go would, and prints what that cost: the peer of bench_reads.
//
//	reads KUBECONFIG WORKERS
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"strconv"
	"sync"
	"syscall"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

type cluster struct {
	client *http.Client
	server string
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func connect(file string) []cluster {
	raw, err := clientcmd.LoadFromFile(file)
	fail(err)
	fail(clientcmd.ResolveLocalPaths(raw))
	var names []string
	for name := range raw.Contexts {
		names = append(names, name)
	}
	sort.Strings(names)
	var clusters []cluster
	for _, name := range names {
		config, err := clientcmd.NewNonInteractiveClientConfig(*raw, name, nil, nil).ClientConfig()
		fail(err)
		client, err := rest.HTTPClientFor(config)
		fail(err)
		clusters = append(clusters, cluster{client, config.Host})
	}
	return clusters
}

type task struct {
	cluster
	path, accept, member string
}

func read(t task) error {
	request, err := http.NewRequest("GET", t.server+t.path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", t.accept)
	response, err := t.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	var document map[string]any
	if err := json.Unmarshal(body, &document); err != nil || response.StatusCode != 200 || document[t.member] == nil {
		return fmt.Errorf("%s%s: status %d, %v", t.server, t.path, response.StatusCode, err)
	}
	return nil
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: reads KUBECONFIG WORKERS")
		os.Exit(2)
	}
	workers, err := strconv.Atoi(os.Args[2])
	fail(err)
	start := time.Now()
	clusters := connect(os.Args[1])
	work := make(chan task)
	var wait sync.WaitGroup
	for i := 0; i < workers; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for t := range work {
				fail(read(t))
			}
		}()
	}
	for _, c := range clusters {
		work <- task{c, "/.well-known/openid-configuration", "application/json, */*;q=0.1", "issuer"}
		work <- task{c, "/openid/v1/jwks", "application/jwk-set+json, application/json;q=0.9, */*;q=0.1", "keys"}
	}
	close(work)
	wait.Wait()
	var usage syscall.Rusage
	fail(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	cpu := time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	fmt.Printf(`{"reads": %d, "cpu_ms": %.3f, "wall_ms": %.3f, "max_rss_kib": %d}`+"\n", 2*len(clusters),
		float64(cpu)/1e6, float64(time.Since(start))/1e6, usage.Maxrss)
}
