"""Domain knowledge as data files: loading, checking, examples."""
