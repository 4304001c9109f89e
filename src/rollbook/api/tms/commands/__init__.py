"""The commands of the TMS API, a file for each noun."""
