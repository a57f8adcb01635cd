"""One value as received → what it says: names, dates, addresses and postcodes, as pure functions and as SQL."""
