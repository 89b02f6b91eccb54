"""A clinician's page of analyses for one patient."""
