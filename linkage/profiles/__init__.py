"""The shelf of profiles: known exports as data, one TOML an export (`linkage.reading.profile` says what it holds)."""
