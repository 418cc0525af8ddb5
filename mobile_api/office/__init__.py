"""A trial server on the office network: its addresses, its certificate, and how a phone comes to trust it."""
