"""The configuration: one TOML file into one frozen value, each fault told as file:line (docs/configuration.md)."""
