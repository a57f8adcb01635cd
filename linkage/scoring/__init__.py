"""A model put to pairs: what compares and weighs them, what counts agreement, and how sure the best candidate is."""
