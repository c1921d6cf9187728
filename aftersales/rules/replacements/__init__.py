"""Rules of replacements and repairs."""
