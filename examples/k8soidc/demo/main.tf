# What tools/demo.sh runs: a cluster's issuer and keys, and something that must be replaced when a key changes.

terraform {
  required_version = ">= 1.4"
  required_providers {
    k8soidc = {
      source = "k8soidc/k8soidc"
    }
  }
}

variable "kubeconfig" {
  description = "Path of the kubeconfig file that names the cluster."
  type        = string
}

provider "k8soidc" {
  config_path = var.kubeconfig
}

data "k8soidc_issuer" "cluster" {}

data "k8soidc_jwks" "cluster" {
  lifecycle {
    precondition {
      condition     = startswith(data.k8soidc_issuer.cluster.issuer, "https://")
      error_message = "Only the keys of an https issuer are of use to others."
    }
  }
}

# Stands in for chainguard_identity.static, which is replaced, and gets a new id, when one byte of issuer_keys changes.
resource "terraform_data" "identity" {
  triggers_replace = [data.k8soidc_jwks.cluster.json]
  input = {
    issuer      = data.k8soidc_issuer.cluster.issuer
    subject     = "system:serviceaccount:atlantis:atlantis"
    issuer_keys = data.k8soidc_jwks.cluster.json
  }
}

output "issuer" {
  value = data.k8soidc_issuer.cluster.issuer
}

# By key id, so that a plan shows which key goes and which one comes.
output "keys" {
  value = { for key in data.k8soidc_jwks.cluster.keys : key.kid => key.alg }
}

output "sha256" {
  value = data.k8soidc_jwks.cluster.sha256
}

output "identity" {
  value = terraform_data.identity.id
}
