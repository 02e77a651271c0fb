package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// writeOnlyResource measures a password that it never stores.
type writeOnlyResource struct{ memory }

func writeOnly() resource.Resource {
	return writeOnlyResource{memory{
		name: "write_only",
		schema: schema.Schema{
			MarkdownDescription: "Has what is never stored.",
			Attributes: withName(map[string]schema.Attribute{
				"password": schema.StringAttribute{Optional: true, WriteOnly: true, Sensitive: true, MarkdownDescription: "Never stored."},
				"version":  schema.Int64Attribute{Optional: true, MarkdownDescription: "Of the password."},
				"measured": schema.StringAttribute{Computed: true, MarkdownDescription: "Of the password."},
			}),
			Blocks: map[string]schema.Block{
				"login": schema.ListNestedBlock{MarkdownDescription: "A login.", NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"user": schema.StringAttribute{Required: true, MarkdownDescription: "Who."},
					"pin":  schema.StringAttribute{Optional: true, WriteOnly: true, MarkdownDescription: "Never stored."},
				}}},
			},
		},
	}}
}

func (writeOnlyResource) measured(ctx context.Context, config tfsdk.Config, raw tftypes.Value) tftypes.Value {
	var password types.String
	_ = config.GetAttribute(ctx, path.Root("password"), &password)
	filled, _ := tftypes.Transform(raw, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if !value.IsKnown() && at.String() == `AttributeName("measured")` {
			return text(fmt.Sprintf("%d letters", len(password.ValueString()))), nil
		}
		return value, nil
	})
	return filled
}

func (r writeOnlyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.save(r.measured(ctx, req.Config, req.Plan.Raw), &resp.State, &resp.Diagnostics)
}

func (r writeOnlyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.save(r.measured(ctx, req.Config, req.Plan.Raw), &resp.State, &resp.Diagnostics)
}
