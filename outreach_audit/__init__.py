"""outreach-audit: who from abroad approached our researchers, how often, and with what offer?"""

__version__ = "0.1.0"
