"""The page of a programme and the first page of all, as HTML; live and as a file alike."""
