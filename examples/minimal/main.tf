terraform {
  required_providers {
    minimal = {
      source = "example/minimal"
    }
  }
}

provider "minimal" {
  greeting = "Good morning"
}

data "minimal_greeting" "world" {
  name = "world"
}

output "text" {
  value = data.minimal_greeting.world.text
}
