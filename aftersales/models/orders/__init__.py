"""What people tell of orders."""
