terraform {
  required_providers {
    k8soidc = {
      source = "k8soidc/k8soidc"
    }
  }
}

# KUBE_CONFIG_PATH names the kubeconfig file, or the pod's own service account is used.
provider "k8soidc" {}

data "k8soidc_issuer" "cluster" {}

output "issuer" {
  value = data.k8soidc_issuer.cluster.issuer
}

# Without the scheme, as an AWS trust policy wants it: "oidc.example.com/id/ABC:sub".
output "subject_claim" {
  value = "${data.k8soidc_issuer.cluster.issuer_host_path}:sub"
}
