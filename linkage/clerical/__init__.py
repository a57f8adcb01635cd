"""What people decide on pairs: how decisions are read, kept, found again in this week's records, and what follows."""
