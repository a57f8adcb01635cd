"""Pairs that are one person → clusters, where these contradict themselves, and which person_id each goes by."""
