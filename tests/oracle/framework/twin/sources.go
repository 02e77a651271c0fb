package main

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// echo gives back values of all types.
func echo() datasource.DataSource {
	pair := map[string]attr.Type{"left": types.StringType, "right": types.Int64Type}
	description := "Gives back."
	if altered {
		description = "Gives back, but differs."
	}
	return newSource(source{
		name: "echo",
		schema: schema.Schema{
			MarkdownDescription: description,
			Attributes: map[string]schema.Attribute{
				"name":    schema.StringAttribute{Required: true, MarkdownDescription: "Its name."},
				"bool":    schema.BoolAttribute{Optional: true, MarkdownDescription: "A bool."},
				"number":  schema.NumberAttribute{Optional: true, MarkdownDescription: "A number."},
				"int32":   schema.Int32Attribute{Optional: true, MarkdownDescription: "32 bits."},
				"int64":   schema.Int64Attribute{Optional: true, MarkdownDescription: "64 bits."},
				"float32": schema.Float32Attribute{Optional: true, MarkdownDescription: "A short float."},
				"float64": schema.Float64Attribute{Optional: true, MarkdownDescription: "A long float."},
				"list":    schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "A list."},
				"set":     schema.SetAttribute{Optional: true, ElementType: types.Int64Type, MarkdownDescription: "A set."},
				"map":     schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "A map."},
				"object":  schema.ObjectAttribute{Optional: true, AttributeTypes: pair, MarkdownDescription: "An object."},
				"any":     schema.DynamicAttribute{Optional: true, MarkdownDescription: "Anything."},
				"mode":    schema.StringAttribute{Optional: true, MarkdownDescription: "How.", Validators: []validator.String{stringvalidator.OneOf("a", "b")}},
				"secret":  schema.StringAttribute{Optional: true, Sensitive: true, Description: "Not *shown*."},
				"old":     schema.StringAttribute{Optional: true, MarkdownDescription: "Old.", DeprecationMessage: "Use `mode`."},
				"free":    schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "Yours or ours."},
				"made":    schema.StringAttribute{Computed: true, MarkdownDescription: "Ours."},
				"where":   schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: "Of the provider."},
				"letters": schema.Int64Attribute{Computed: true, MarkdownDescription: "Of the name."},
			},
		},
		fill: func(is known, client string) map[string]any {
			return map[string]any{"free": "ours", "made": "made of " + is["name"], "where": client, "letters": len(is["name"])}
		},
	})
}

func dataLeaf() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"key":  schema.StringAttribute{Required: true, MarkdownDescription: "The key.", Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
		"note": schema.StringAttribute{Optional: true, MarkdownDescription: "A note."},
		"made": schema.StringAttribute{Computed: true, MarkdownDescription: "Ours."},
	}
}

// sections has all blocks.
func sections() datasource.DataSource {
	return newSource(source{
		name: "sections",
		schema: schema.Schema{
			MarkdownDescription: "All blocks.",
			Attributes:          map[string]schema.Attribute{"name": schema.StringAttribute{Required: true, MarkdownDescription: "Its name."}},
			Blocks: map[string]schema.Block{
				"rule": schema.ListNestedBlock{MarkdownDescription: "Rules, in order.", Validators: []validator.List{listvalidator.SizeAtMost(3)},
					NestedObject: schema.NestedBlockObject{Attributes: dataLeaf()}},
				"member": schema.SetNestedBlock{MarkdownDescription: "Members.", NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"key":  schema.StringAttribute{Required: true, MarkdownDescription: "The key."},
					"note": schema.StringAttribute{Optional: true, MarkdownDescription: "A note."},
				}}},
				"only": schema.SingleNestedBlock{MarkdownDescription: "One.", Attributes: map[string]schema.Attribute{
					"note": schema.StringAttribute{Optional: true, MarkdownDescription: "A note."},
				}},
			},
		},
		fill: func(known, string) map[string]any { return map[string]any{"made": "made"} },
	})
}

// lookup has all nested attributes.
func lookup() datasource.DataSource {
	found := map[string]schema.Attribute{"key": schema.StringAttribute{Computed: true, MarkdownDescription: "The key."}}
	return newSource(source{
		name: "lookup",
		schema: schema.Schema{
			MarkdownDescription: "All nested attributes.",
			Attributes: map[string]schema.Attribute{
				"name":   schema.StringAttribute{Required: true, MarkdownDescription: "Its name."},
				"single": schema.SingleNestedAttribute{Optional: true, MarkdownDescription: "One.", Attributes: dataLeaf()},
				"list":   schema.ListNestedAttribute{Optional: true, MarkdownDescription: "Some, in order.", NestedObject: schema.NestedAttributeObject{Attributes: dataLeaf()}},
				"map":    schema.MapNestedAttribute{Optional: true, MarkdownDescription: "Some, by name.", NestedObject: schema.NestedAttributeObject{Attributes: dataLeaf()}},
				"set":    schema.SetNestedAttribute{Computed: true, MarkdownDescription: "Some.", NestedObject: schema.NestedAttributeObject{Attributes: found}},
				"found":  schema.ListNestedAttribute{Computed: true, MarkdownDescription: "What was found.", NestedObject: schema.NestedAttributeObject{Attributes: found}},
			},
		},
		fill: func(is known, _ string) map[string]any {
			object := tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"key": tftypes.String}}, objectOf("key", is["name"]))
			return map[string]any{"made": "made", "found": []tftypes.Value{object, object}, "set": []tftypes.Value{object}}
		},
	})
}
