package main

import "github.com/hashicorp/terraform-plugin-go/tftypes"

// object is an object of text attributes, given as name, text, name, text, …
func objectOf(namesAndTexts ...string) map[string]tftypes.Value {
	attributes := map[string]tftypes.Value{}
	for i := 0; i < len(namesAndTexts); i += 2 {
		attributes[namesAndTexts[i]] = tftypes.NewValue(tftypes.String, namesAndTexts[i+1])
	}
	return attributes
}

func text(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

func textList(values ...string) tftypes.Value {
	elements := []tftypes.Value{}
	for _, value := range values {
		elements = append(elements, text(value))
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, elements)
}
