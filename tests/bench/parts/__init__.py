"""What is measured: a module for each part, with `measure(...)` that yields its figures."""
