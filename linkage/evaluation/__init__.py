"""What a run left in its folder, and what is known to be true → how right it was, where it failed, and what to change."""
