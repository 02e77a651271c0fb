package main

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/float64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/numberdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

func scalars() resource.Resource {
	text := "text"
	if altered {
		text = "other text"
	}
	return importable{memory{
		name: "scalars",
		schema: schema.Schema{
			MarkdownDescription: "All *scalars*.",
			Version:             3,
			Attributes: withName(map[string]schema.Attribute{
				"bool":    schema.BoolAttribute{Optional: true, MarkdownDescription: "A bool."},
				"string":  schema.StringAttribute{Optional: true, MarkdownDescription: "A string."},
				"number":  schema.NumberAttribute{Optional: true, MarkdownDescription: "A number."},
				"int32":   schema.Int32Attribute{Optional: true, MarkdownDescription: "32 bits."},
				"int64":   schema.Int64Attribute{Optional: true, MarkdownDescription: "64 bits."},
				"float32": schema.Float32Attribute{Optional: true, MarkdownDescription: "A short float."},
				"float64": schema.Float64Attribute{Optional: true, MarkdownDescription: "A long float."},

				"plain":      schema.StringAttribute{Optional: true, Description: "Plain *text*."},
				"secret":     schema.StringAttribute{Optional: true, Sensitive: true, MarkdownDescription: "Not shown."},
				"deprecated": schema.StringAttribute{Optional: true, MarkdownDescription: "Old.", DeprecationMessage: "Use `string`."},

				"choice": schema.StringAttribute{Optional: true, MarkdownDescription: "One of two.",
					Validators: []validator.String{stringvalidator.OneOf("a", "b"),
						stringvalidator.ConflictsWith(path.MatchRoot("bounded"))}},
				"bounded": schema.Int64Attribute{Optional: true, MarkdownDescription: "1 to 5.",
					Validators: []validator.Int64{int64validator.Between(1, 5)}},
				"fraction": schema.Float64Attribute{Optional: true, MarkdownDescription: "At most 1.",
					Validators: []validator.Float64{float64validator.AtMost(1)}},
				"partner": schema.StringAttribute{Optional: true, MarkdownDescription: "Only with choice.",
					Validators: []validator.String{stringvalidator.AlsoRequires(path.MatchRoot("choice"))}},

				"free":           schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "Yours or ours."},
				"computed":       schema.Int64Attribute{Computed: true, MarkdownDescription: "Ours."},
				"string_default": schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "Has a default.", Default: stringdefault.StaticString(text)},
				"bool_default":   schema.BoolAttribute{Optional: true, Computed: true, MarkdownDescription: "Has a default.", Default: booldefault.StaticBool(true)},
				"int_default":    schema.Int64Attribute{Optional: true, Computed: true, MarkdownDescription: "Has a default.", Default: int64default.StaticInt64(7)},
				"float_default":  schema.Float64Attribute{Optional: true, Computed: true, MarkdownDescription: "Has a default.", Default: float64default.StaticFloat64(0.5)},
				"number_default": schema.NumberAttribute{Optional: true, Computed: true, MarkdownDescription: "Has a default.", Default: numberdefault.StaticBigFloat(big.NewFloat(1.25))},
			}),
		},
		fill: func(is known) map[string]any {
			return map[string]any{"free": "ours", "computed": len(is["name"])}
		},
	}}
}
