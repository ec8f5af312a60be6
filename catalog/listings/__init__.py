"""Listings in the database: meetings, opportunities, resources."""
