"""The shelf of profiles: known exports as data, one TOML an export (`linkage.profile` says what it holds)."""
