"""The engine for many papers and several machines: Elasticsearch."""
