"""The desk's rooms of care: contacts, complaints, compensation, return calls, knowledge, the daily log."""
