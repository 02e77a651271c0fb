// The Go twin: a provider over HashiCorp's plugin framework whose schemas and answers are the same as those of the
// provider that twin.cc makes with tfsdk. The runner sends both the same requests.
//
// It keeps nothing: what a resource "is" follows from the request alone, so that the answers can be compared.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
)

// altered makes the provider answer wrongly in many places, each of which the runner must notice.
var altered = os.Getenv("TWIN_ALTERED") != ""

// protocol is 6, or 5: then everything with nested attributes is left out, which protocol 5 does not have.
var protocol = map[bool]int{true: 5, false: 6}[os.Getenv("TWIN_PROTOCOL") == "5"]

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return twin{} }, providerserver.ServeOpts{
		Address:         "registry.terraform.io/example/twin",
		ProtocolVersion: protocol,
	})
	if err != nil {
		log.Fatal(err)
	}
}
