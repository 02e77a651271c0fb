terraform {
  required_providers {
    k8soidc = {
      source = "k8soidc/k8soidc"
    }
  }
}

provider "k8soidc" {
  config_path    = "~/.kube/config"
  config_context = "utils"
}

data "k8soidc_jwks" "cluster" {
  # Only what the consumer understands; the others are listed in ignored_keys.
  key_types = ["RSA", "EC"]
}

# The same keys always give these same bytes.
output "issuer_keys" {
  value = data.k8soidc_jwks.cluster.json
}

output "key_ids" {
  value = data.k8soidc_jwks.cluster.key_ids
}
