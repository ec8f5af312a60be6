"""Those who sign in, in the database."""
