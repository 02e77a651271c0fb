package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

type twin struct{}

func (twin) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "twin"
}

func (twin) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "One of two that are alike.",
		Attributes: map[string]schema.Attribute{
			"endpoint": schema.StringAttribute{Optional: true, MarkdownDescription: "Where to.",
				Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
			"mode": schema.StringAttribute{Optional: true, MarkdownDescription: "How.",
				Validators: []validator.String{stringvalidator.OneOf("fast", "slow")}},
			"retries": schema.Int64Attribute{Optional: true, MarkdownDescription: "How often.",
				Validators: []validator.Int64{int64validator.Between(0, 10)}},
			"token":  schema.StringAttribute{Optional: true, Sensitive: true, Description: "Who."},
			"legacy": schema.BoolAttribute{Optional: true, MarkdownDescription: "As before.", DeprecationMessage: "Leave it out."},
			"tags":   schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Words."},
		},
		Blocks: map[string]schema.Block{
			"limit": schema.ListNestedBlock{MarkdownDescription: "A limit.",
				Validators: []validator.List{listvalidator.SizeAtMost(2)},
				NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"what": schema.StringAttribute{Required: true, MarkdownDescription: "Of what."},
					"most": schema.Int64Attribute{Optional: true, MarkdownDescription: "How many."},
				}}},
		},
	}
}

func (twin) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var mode types.String
	var retries types.Int64
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("mode"), &mode)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("retries"), &retries)...)
	if mode.ValueString() == "slow" && retries.ValueInt64() > 5 {
		resp.Diagnostics.AddAttributeError(path.Root("retries"), "Too many", "That would take too long.")
	}
}

// The client is a greeting, to see that it reaches the data sources.
func (twin) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var endpoint types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("endpoint"), &endpoint)...)
	if endpoint.ValueString() == "nowhere" {
		resp.Diagnostics.AddAttributeError(path.Root("endpoint"), "No such place", "There is nothing there.")
		return
	}
	resp.DataSourceData = "from " + endpoint.ValueString()
}

func (twin) Resources(context.Context) []func() resource.Resource {
	all := []func() resource.Resource{scalars, collections, blocks, planned, identity, versioned, writeOnly, semantic, dynamic, failing}
	if protocol == 6 {
		all = append(all, nested)
	}
	return all
}

func (twin) DataSources(context.Context) []func() datasource.DataSource {
	all := []func() datasource.DataSource{echo, sections, trouble}
	if protocol == 6 {
		all = append(all, lookup)
	}
	return all
}

func (twin) Functions(context.Context) []func() function.Function { return functions }
