"""SuiteQL: the dialect, the tables, and the rows that records become."""
