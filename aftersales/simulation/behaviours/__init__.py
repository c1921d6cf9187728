"""What people may do with a case; every behaviour is a verb that the console has too."""
