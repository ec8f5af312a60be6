"""The command: builds every concrete object, and is the only room that knows them all."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("findings")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0"
