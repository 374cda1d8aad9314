"""``python -m outreach_audit``: the same program as the console script."""

from outreach_audit.cli import main

if __name__ == "__main__":
    main()
