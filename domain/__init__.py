"""The language every room speaks: papers, versions, digests, queries, ports and errors.

Imports the standard library only, and does no input or output.
"""
