"""A demo shop that looks alive: three merchants, two languages, cases in every state, made through the real verbs."""
