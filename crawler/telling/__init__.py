"""What a record shows without saying it: cancer types, countries, kinds of study, trials, companies."""
