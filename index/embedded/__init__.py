"""The engine by default: tantivy and vectors in a folder."""
