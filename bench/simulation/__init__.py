"""The service as a model: what its parts cost was measured, how they wait for each other is simulated."""
