"""What changes while a page is open: event streams, and who looks at what. See docs/adr/0015."""
