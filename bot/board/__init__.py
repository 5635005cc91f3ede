"""The staff's web page: who needs somebody now, one case, the clinic's figures, the protocol."""
