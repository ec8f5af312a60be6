"""What is read off English prose: sentences, words and their kinds, abbreviations, how hard it is."""
