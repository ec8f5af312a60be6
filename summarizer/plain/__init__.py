"""Sentences and facts told in plain words, and a whole text steered to its reading grade."""
