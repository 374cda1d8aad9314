"""Messages built from one template, found whatever the sender address."""

from outreach_audit.campaigns.clustering import Clusters, Joined, Member, cluster
from outreach_audit.campaigns.fingerprint import fingerprint
from outreach_audit.campaigns.masking import mask

__all__ = ["Clusters", "Joined", "Member", "cluster", "fingerprint", "mask"]
