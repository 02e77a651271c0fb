terraform {
  required_providers {
    @NAME@ = {
      source = "example/@NAME@"
    }
  }
}

provider "@NAME@" {
  greeting = "Good morning"
}

data "@NAME@_greeting" "world" {
  name = "world"
}

output "text" {
  value = data.@NAME@_greeting.world.text
}
