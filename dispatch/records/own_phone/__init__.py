"""Signing on the customer's own phone, also while the technician's has no network."""
