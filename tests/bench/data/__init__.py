"""The data of the bench: databases, filled by COPY with cases in every state."""
