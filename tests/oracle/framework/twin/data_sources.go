package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// source is a data source that is what its configuration says, with the rest filled in by a formula.
type source struct {
	name   string
	schema schema.Schema
	fill   func(is known, client string) map[string]any
	fail   func(is known, resp *datasource.ReadResponse)
	client *string
}

func newSource(s source) datasource.DataSource {
	s.client = new(string)
	return s
}

func (s source) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + s.name
}

func (s source) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = s.schema
}

func (s source) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	if client, ok := req.ProviderData.(string); ok {
		*s.client = client
	}
}

func (s source) Read(_ context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	is := texts(req.Config.Raw)
	if s.fail != nil {
		if s.fail(is, resp); resp.Diagnostics.HasError() {
			return
		}
	}
	values := s.fill(is, *s.client)
	filled, err := tftypes.Transform(req.Config.Raw, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		steps := at.Steps()
		if len(steps) == 0 || !value.IsNull() {
			return value, nil
		}
		name, _ := steps[len(steps)-1].(tftypes.AttributeName)
		if fill, ok := values[string(name)]; ok {
			return tftypes.NewValue(value.Type(), fill), nil
		}
		return value, nil
	})
	if err != nil {
		resp.Diagnostics.AddError("A formula is wrong", err.Error())
		return
	}
	resp.State.Raw = filled
}

// trouble goes wrong in the way that `how` says.
func trouble() datasource.DataSource {
	return newSource(source{
		name: "trouble",
		schema: schema.Schema{
			MarkdownDescription: "Goes wrong.",
			DeprecationMessage:  "Use one that works.",
			Attributes: map[string]schema.Attribute{
				"how":  schema.StringAttribute{Required: true, MarkdownDescription: "In which way."},
				"made": schema.StringAttribute{Computed: true, MarkdownDescription: "Ours."},
			},
		},
		fill: func(known, string) map[string]any { return map[string]any{"made": "made"} },
		fail: func(is known, resp *datasource.ReadResponse) {
			switch is["how"] {
			case "error":
				resp.Diagnostics.AddError("Not read", "That went wrong.")
			case "error_at":
				resp.Diagnostics.AddAttributeError(path.Root("how"), "Not so", "Any other way will do.")
			case "warn":
				resp.Diagnostics.AddWarning("Take care", "That may be wrong.")
			case "both":
				resp.Diagnostics.AddAttributeWarning(path.Root("how"), "Take care", "That may be wrong.")
				resp.Diagnostics.AddError("Not read", "That went wrong.")
			case "deep":
				resp.Diagnostics.AddAttributeError(path.Root("how").AtListIndex(2).AtName("part").AtMapKey("key"), "Not so", "That is wrong.")
			}
		},
	})
}
