"""`python -m findings` is the same as `findings`."""

from findings.cli import main

if __name__ == "__main__":
    main()
