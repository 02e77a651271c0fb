// Reads the signing keys of every context of a kubeconfig over client-go, as a provider written in Go would, and
// prints what that cost: the peer of bench_reads.
//
//	reads KUBECONFIG ROUNDS WORKERS
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
	url    string
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
		clusters = append(clusters, cluster{client, config.Host + "/openid/v1/jwks"})
	}
	return clusters
}

func read(c cluster) error {
	request, err := http.NewRequest("GET", c.url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json;q=0.9, */*;q=0.1")
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal(body, &set); err != nil || response.StatusCode != 200 || len(set.Keys) == 0 {
		return fmt.Errorf("%s: status %d, %d keys, %v", c.url, response.StatusCode, len(set.Keys), err)
	}
	return nil
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: reads KUBECONFIG ROUNDS WORKERS")
		os.Exit(2)
	}
	rounds, err := strconv.Atoi(os.Args[2])
	fail(err)
	workers, err := strconv.Atoi(os.Args[3])
	fail(err)
	start := time.Now()
	clusters := connect(os.Args[1])
	work := make(chan cluster)
	var wait sync.WaitGroup
	for i := 0; i < workers; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for c := range work {
				fail(read(c))
			}
		}()
	}
	for i := 0; i < rounds; i++ {
		for _, c := range clusters {
			work <- c
		}
	}
	close(work)
	wait.Wait()
	var usage syscall.Rusage
	fail(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	cpu := time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	fmt.Printf(`{"reads": %d, "cpu_ms": %.3f, "wall_ms": %.3f, "max_rss_kib": %d}`+"\n", rounds*len(clusters),
		float64(cpu)/1e6, float64(time.Since(start))/1e6, usage.Maxrss)
}
