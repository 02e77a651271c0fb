package main

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func collections() resource.Resource {
	pair := map[string]attr.Type{"left": types.StringType, "right": types.Int64Type}
	return importable{memory{
		name: "collections",
		schema: schema.Schema{
			MarkdownDescription: "All collections.",
			Attributes: withName(map[string]schema.Attribute{
				"list":    schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "A list."},
				"set":     schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "A set."},
				"map":     schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "A map."},
				"object":  schema.ObjectAttribute{Optional: true, AttributeTypes: pair, MarkdownDescription: "An object."},
				"lists":   schema.ListAttribute{Optional: true, ElementType: types.ListType{ElemType: types.Int64Type}, MarkdownDescription: "Lists."},
				"sets":    schema.SetAttribute{Optional: true, ElementType: types.SetType{ElemType: types.BoolType}, MarkdownDescription: "Sets."},
				"maps":    schema.MapAttribute{Optional: true, ElementType: types.MapType{ElemType: types.Float64Type}, MarkdownDescription: "Maps."},
				"objects": schema.ListAttribute{Optional: true, ElementType: types.ObjectType{AttrTypes: pair}, MarkdownDescription: "Objects."},
				"pairs":   schema.SetAttribute{Optional: true, ElementType: types.ObjectType{AttrTypes: pair}, MarkdownDescription: "A set of objects."},

				"few": schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "One or two.",
					Validators: []validator.List{listvalidator.SizeBetween(1, 2), listvalidator.UniqueValues()}},
				"words": schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Words.",
					Validators: []validator.Set{setvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(2))}},
				"keyed": schema.MapAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Short keys.",
					Validators: []validator.Map{mapvalidator.KeysAre(stringvalidator.LengthAtMost(3))}},

				"free":     schema.ListAttribute{Optional: true, Computed: true, ElementType: types.StringType, MarkdownDescription: "Yours or ours."},
				"computed": schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Ours."},
				"list_default": schema.ListAttribute{Optional: true, Computed: true, ElementType: types.StringType, MarkdownDescription: "Has a default.",
					Default: listdefault.StaticValue(types.ListValueMust(types.StringType, []attr.Value{types.StringValue("x")}))},
				"set_default": schema.SetAttribute{Optional: true, Computed: true, ElementType: types.StringType, MarkdownDescription: "Has a default.",
					Default: setdefault.StaticValue(types.SetValueMust(types.StringType, []attr.Value{types.StringValue("y")}))},
				"map_default": schema.MapAttribute{Optional: true, Computed: true, ElementType: types.StringType, MarkdownDescription: "Has a default.",
					Default: mapdefault.StaticValue(types.MapValueMust(types.StringType, map[string]attr.Value{}))},
			}),
		},
		fill: func(is known) map[string]any {
			name := tftypes.NewValue(tftypes.String, is["name"])
			return map[string]any{"free": []tftypes.Value{name}, "computed": map[string]tftypes.Value{"name": name}}
		},
	}}
}
