"""Taking over what another system holds, under the ids that everything has there."""
