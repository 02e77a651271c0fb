package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

type bench struct{}

func (bench) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "bench"
}
func (bench) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (bench) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (bench) DataSources(context.Context) []func() datasource.DataSource                        { return nil }
func (bench) Resources(context.Context) []func() resource.Resource {
	rule := func() map[string]schema.Attribute {
		return map[string]schema.Attribute{
			"name":   schema.StringAttribute{Required: true},
			"port":   schema.Int64Attribute{Optional: true},
			"labels": schema.MapAttribute{Optional: true, ElementType: types.StringType},
		}
	}
	computed := rule()
	computed["status"] = schema.StringAttribute{Computed: true}
	computed["size"] = schema.Int64Attribute{Computed: true}
	return []func() resource.Resource{
		planned("list", "rules", schema.ListNestedAttribute{Required: true, NestedObject: schema.NestedAttributeObject{Attributes: computed}}),
		planned("names", "names", schema.SetAttribute{Required: true, ElementType: types.StringType}),
		planned("set", "rules", schema.SetNestedAttribute{Required: true, NestedObject: schema.NestedAttributeObject{Attributes: rule()}}),
	}
}

// object is a resource that does nothing but be planned.
type object struct {
	name   string
	schema schema.Schema
}

func planned(name, attribute string, elements schema.Attribute) func() resource.Resource {
	return func() resource.Resource {
		return object{name, schema.Schema{Attributes: map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}, attribute: elements}}}
	}
}
func (o object) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "bench_" + o.name
}
func (o object) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = o.schema
}
func (object) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}
func (object) Read(context.Context, resource.ReadRequest, *resource.ReadResponse)       {}
func (object) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}
func (object) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

var server = providerserver.NewProtocol6(bench{})()

func plan(folder, name string, size int, budget time.Duration) time.Duration {
	file := fmt.Sprintf("%s.%d", name, size)
	input := func(which string) *tfprotov6.DynamicValue {
		return &tfprotov6.DynamicValue{MsgPack: read(folder, file+"."+which)}
	}
	request := tfprotov6.PlanResourceChangeRequest{TypeName: "bench_" + name, Config: input("config"), PriorState: input("prior"), ProposedNewState: input("proposed")}
	var answer []byte
	bytes := len(request.Config.MsgPack) + len(request.PriorState.MsgPack) + len(request.ProposedNewState.MsgPack)
	taken := report("plan "+name, size, bytes, budget, func() {
		response, err := server.PlanResourceChange(context.Background(), &request)
		fail(err)
		if len(response.Diagnostics) != 0 {
			fail(fmt.Errorf("%s: %+v", file, *response.Diagnostics[0]))
		}
		answer = response.PlannedState.MsgPack
	})
	fail(os.WriteFile(filepath.Join(folder, file+".peer"), answer, 0o600))
	return taken
}
