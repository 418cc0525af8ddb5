"""Ways to reach a customer. Each is one file here that speaks `protocol.Channel`; `chosen` opens those in use."""
