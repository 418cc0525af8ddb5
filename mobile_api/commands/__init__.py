"""The operator's commands, one file a capability. `mobile_api.cli` puts them together."""
