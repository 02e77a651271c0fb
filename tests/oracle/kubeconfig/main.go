// Reads situations on stdin, one JSON object a line, lets client-go find the API server and the credential of
// each, and asks that server for its version: the half of the comparison that shows what client-go does.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	_ "k8s.io/client-go/plugin/pkg/client/auth" // As kubectl: "oidc", and those that only say that they are gone.
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

type overrides struct {
	Context       string   `json:"context"`
	Cluster       string   `json:"cluster"`
	User          string   `json:"user"`
	Server        string   `json:"server"`
	Token         string   `json:"token"`
	Username      string   `json:"username"`
	Password      string   `json:"password"`
	CA            string   `json:"certificate_authority"`
	Certificate   string   `json:"client_certificate"`
	Key           string   `json:"client_key"`
	Insecure      bool     `json:"insecure"`
	TLSServerName string   `json:"tls_server_name"`
	As            string   `json:"as"`
	AsUID         string   `json:"as_uid"`
	AsGroups      []string `json:"as_groups"`
}

type situation struct {
	Directory   string            `json:"directory"`
	Environment map[string]string `json:"environment"`
	Explicit    string            `json:"kubeconfig"`
	Overrides   overrides         `json:"overrides"`
}

// load does what kubectl does with its flags.
func load(s situation) (*rest.Config, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = s.Explicit
	o := &clientcmd.ConfigOverrides{ClusterDefaults: clientcmd.ClusterDefaults}
	o.CurrentContext = s.Overrides.Context
	o.Context.Cluster = s.Overrides.Cluster
	o.Context.AuthInfo = s.Overrides.User
	o.ClusterInfo.Server = s.Overrides.Server
	o.ClusterInfo.CertificateAuthority = s.Overrides.CA
	o.ClusterInfo.InsecureSkipTLSVerify = s.Overrides.Insecure
	o.ClusterInfo.TLSServerName = s.Overrides.TLSServerName
	o.AuthInfo.Token = s.Overrides.Token
	o.AuthInfo.Username = s.Overrides.Username
	o.AuthInfo.Password = s.Overrides.Password
	o.AuthInfo.ClientCertificate = s.Overrides.Certificate
	o.AuthInfo.ClientKey = s.Overrides.Key
	o.AuthInfo.Impersonate = s.Overrides.As
	o.AuthInfo.ImpersonateUID = s.Overrides.AsUID
	o.AuthInfo.ImpersonateGroups = s.Overrides.AsGroups
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, o).ClientConfig()
}

func ask(s situation) error {
	config, err := load(s)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	// A typed client's way from the server's URL to a path below it.
	config.NegotiatedSerializer = serializer.NewCodecFactory(runtime.NewScheme()).WithoutConversion()
	config.Timeout = 20 * time.Second
	client, err := rest.UnversionedRESTClientFor(config)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	if _, err := client.Get().AbsPath("/version").DoRaw(context.Background()); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	return nil
}

func main() {
	home := os.Getenv("HOME")
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var s situation
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Clearenv()
		os.Setenv("HOME", home)
		for name, value := range s.Environment {
			os.Setenv(name, value)
		}
		answer := map[string]any{"ok": true}
		if err := os.Chdir(s.Directory); err != nil {
			answer = map[string]any{"error": err.Error()}
		} else if err := ask(s); err != nil {
			answer = map[string]any{"error": err.Error()}
		}
		if err := answers.Encode(answer); err != nil {
			os.Exit(1)
		}
	}
}
