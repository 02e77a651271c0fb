"""go-jose against the provider's jose/: the same fields, thumbprints and kids for the same keys."""
