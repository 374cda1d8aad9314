"""From a message and a pack to the evidence: what fired, where, on what words."""
