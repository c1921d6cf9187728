"""Accounts: links for passwords, roles, access; who is a second person."""
