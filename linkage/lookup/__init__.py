"""One person asked for → that person's candidates in a prepared register, with the batch's confidence and reasons."""
