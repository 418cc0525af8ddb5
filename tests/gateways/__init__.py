"""The world outside: servers on loopback that check what providers check, and misbehave when told to."""
