# Atlantis on a cluster whose issuer Chainguard cannot reach: the keys are uploaded, and replaced when they change.

terraform {
  required_version = ">= 1.9"
  required_providers {
    chainguard = {
      source  = "chainguard-dev/chainguard"
      version = "0.2.11"
    }
    k8soidc = {
      source  = "k8soidc/k8soidc"
      version = "~> 0.1"
    }
    time = {
      source  = "hashicorp/time"
      version = "~> 0.13"
    }
  }
}

provider "chainguard" {}

# In the pod that Atlantis runs in, its own service account names the cluster.
provider "k8soidc" {}

data "chainguard_group" "root" {
  name = "example.com"
}

data "k8soidc_issuer" "cluster" {}

data "k8soidc_jwks" "cluster" {
  key_types = ["RSA", "EC"]
}

# A window of 29 days, cut every 20 days and whenever the keys change.
resource "time_rotating" "window" {
  rotation_days = 20
  triggers      = { keys = data.k8soidc_jwks.cluster.sha256 }
}

resource "chainguard_identity" "atlantis" {
  parent_id   = data.chainguard_group.root.id
  name        = "atlantis-${substr(data.k8soidc_jwks.cluster.sha256, 0, 8)}"
  description = "Atlantis, with the keys of its cluster"

  static {
    issuer      = data.k8soidc_issuer.cluster.issuer
    subject     = "system:serviceaccount:atlantis:atlantis"
    issuer_keys = data.k8soidc_jwks.cluster.json
    expiration  = timeadd(time_rotating.window.rfc3339, "696h")
  }

  lifecycle {
    create_before_destroy = true
  }
}

data "chainguard_role" "editor" {
  name   = "registry.editor"
  parent = "/"
}

resource "chainguard_rolebinding" "atlantis" {
  identity = chainguard_identity.atlantis.id
  group    = data.chainguard_group.root.id
  role     = data.chainguard_role.editor.items[0].id

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [chainguard_identity.atlantis.id]
  }
}

output "atlantis_chainguard_identity" {
  value = chainguard_identity.atlantis.id
}
