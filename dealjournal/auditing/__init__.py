"""Looking for what somebody changed in a journal, signing what it holds, and proving an entry."""
