"""From sources to records in the ledger: the whole way of one run."""
