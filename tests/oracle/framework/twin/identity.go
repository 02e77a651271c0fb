package main

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// identified is a resource with an identity, and imported by it or by "region/name".
type identified struct{ memory }

func identity() resource.Resource {
	return identified{memory{
		name: "identity",
		schema: schema.Schema{
			MarkdownDescription: "Known by more than an id.",
			Attributes: withName(map[string]schema.Attribute{
				"region": schema.StringAttribute{Required: true, MarkdownDescription: "Where.",
					PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
				"note": schema.StringAttribute{Optional: true, MarkdownDescription: "A note."},
			}),
		},
	}}
}

func (identified) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Version: 1,
		Attributes: map[string]identityschema.Attribute{
			"region": identityschema.StringAttribute{RequiredForImport: true, Description: "Where."},
			"name":   identityschema.StringAttribute{RequiredForImport: true, Description: "Its name."},
			"shard":  identityschema.Int64Attribute{OptionalForImport: true, Description: "Which part."},
		},
	}
}

type identityModel struct {
	Region types.String `tfsdk:"region"`
	Name   types.String `tfsdk:"name"`
	Shard  types.Int64  `tfsdk:"shard"`
}

func setIdentity(ctx context.Context, state tfsdk.State, identity *tfsdk.ResourceIdentity, diagnostics *diag.Diagnostics) {
	if identity == nil || diagnostics.HasError() {
		return
	}
	is := texts(state.Raw)
	diagnostics.Append(identity.Set(ctx, identityModel{types.StringValue(is["region"]), types.StringValue(is["name"]), types.Int64Null()})...)
}

func (r identified) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.save(req.Plan.Raw, &resp.State, &resp.Diagnostics)
	setIdentity(ctx, resp.State, resp.Identity, &resp.Diagnostics)
}

// Read sets the identity when the state does not have it yet: an import by id.
func (r identified) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	if req.Identity == nil || req.Identity.Raw.IsFullyNull() {
		setIdentity(ctx, resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// Update changes the identity when the name changes, which is a mistake that must be noticed.
func (r identified) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.save(req.Plan.Raw, &resp.State, &resp.Diagnostics)
	setIdentity(ctx, resp.State, resp.Identity, &resp.Diagnostics)
}

func (identified) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	var region, name string
	if req.ID != "" {
		var found bool
		region, name, found = strings.Cut(req.ID, "/")
		if !found {
			resp.Diagnostics.AddError("Malformed id", "It must be region/name.")
			return
		}
	} else {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("region"), &region)...)
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("name"), &name)...)
	}
	if altered {
		region += "!"
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("region"), region)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), "id-"+name)...)
	if req.ID != "" {
		setIdentity(ctx, resp.State, resp.Identity, &resp.Diagnostics)
	}
}

// UpgradeIdentity makes version 1 of version 0, which had the path only.
func (identified) UpgradeIdentity(context.Context) map[int64]resource.IdentityUpgrader {
	return map[int64]resource.IdentityUpgrader{0: {
		PriorSchema: &identityschema.Schema{Attributes: map[string]identityschema.Attribute{
			"path": identityschema.StringAttribute{RequiredForImport: true},
		}},
		IdentityUpgrader: func(ctx context.Context, req resource.UpgradeIdentityRequest, resp *resource.UpgradeIdentityResponse) {
			var old string
			resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("path"), &old)...)
			region, name, _ := strings.Cut(old, "/")
			resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{types.StringValue(region), types.StringValue(name), types.Int64Null()})...)
		},
	}}
}
